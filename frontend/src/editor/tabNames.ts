/**
 * Return the names on the tabs: each file's name, with as much of its folder as sets it apart from the
 * others.
 */
export function tabNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split("/"));
  const tail = (path: readonly string[], count: number) => path.slice(-count).join("/");
  return parts.map((path, index) => {
    for (let count = 1; count < path.length; count++) {
      const name = tail(path, count);
      if (parts.every((other, at) => at === index || tail(other, count) !== name)) return name;
    }
    return path.join("/");
  });
}
