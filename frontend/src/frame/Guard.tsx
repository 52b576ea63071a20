import { Component, type ComponentChildren } from "preact";

interface Props {
  children: ComponentChildren;
  onFail?(): void;
}

/** Shows nothing of its children once one of them has thrown; the rest of the page goes on. */
export class Guard extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  override componentDidCatch(error: unknown): void {
    reportError(error);
    this.setState({ failed: true });
    this.props.onFail?.();
  }

  override render() {
    return this.state.failed ? null : this.props.children;
  }
}
