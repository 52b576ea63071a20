import { render } from "preact";

render(<h1>Collab</h1>, document.body);
