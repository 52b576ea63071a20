/** The icons of the palette: an action's own, else one for its id, else one for its section. */
import {
  CornerDownRight,
  Eye,
  FileCode,
  type IconNode,
  Keyboard,
  Pencil,
  Search,
  Settings,
  Users,
  Workflow,
} from "lucide";
import type { Action, Section } from "../actions";

export function iconOf(action: Action | undefined): IconNode {
  return action ? (action.icon ?? BY_ID[action.id] ?? BY_SECTION[action.section]) : CornerDownRight;
}

const BY_ID: Record<string, IconNode> = {
  "edit.find": Search,
  "edit.replace": Search,
  "help.shortcuts": Keyboard,
  "view.settings": Settings,
};
const BY_SECTION: Record<Section, IconNode> = {
  Room: Workflow,
  People: Users,
  File: FileCode,
  Edit: Pencil,
  "Go to": CornerDownRight,
  View: Eye,
  Help: Keyboard,
};
