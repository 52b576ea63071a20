/** The icons of the palette: an action's own icon, or one for its id, or one for its section. */
import {
  ArrowDown,
  ArrowUp,
  Copy,
  CornerDownRight,
  Eye,
  FileCode,
  type IconNode,
  IndentDecrease,
  IndentIncrease,
  Keyboard,
  List,
  MessageSquareCode,
  Pencil,
  Redo2,
  Replace,
  Search,
  Settings,
  Sparkles,
  SquareDashedText,
  Trash2,
  Undo2,
  Users,
  Workflow,
} from "lucide";
import type { Action, Section } from "../actions";

export function iconOf(action: Action | undefined): IconNode {
  return action ? (action.icon ?? BY_ID[action.id] ?? BY_SECTION[action.section]) : CornerDownRight;
}

const BY_ID: Record<string, IconNode> = {
  "edit.undo": Undo2,
  "edit.redo": Redo2,
  "edit.find": Search,
  "edit.replace": Replace,
  "edit.comment": MessageSquareCode,
  "edit.block-comment": MessageSquareCode,
  "edit.indent": IndentIncrease,
  "edit.outdent": IndentDecrease,
  "edit.reindent": IndentIncrease,
  "edit.line-up": ArrowUp,
  "edit.line-down": ArrowDown,
  "edit.copy-up": Copy,
  "edit.copy-down": Copy,
  "edit.delete-line": Trash2,
  "suggest.complete": List,
  "help.shortcuts": Keyboard,
  "view.settings": Settings,
};
const BY_SECTION: Record<Section, IconNode> = {
  Room: Workflow,
  People: Users,
  File: FileCode,
  Edit: Pencil,
  Select: SquareDashedText,
  Suggest: Sparkles,
  "Go to": CornerDownRight,
  View: Eye,
  Help: Keyboard,
};
