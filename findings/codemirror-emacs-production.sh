#!/usr/bin/env bash
# @replit/codemirror-emacs 6.1.0, bundled by Rollup 4.59.0
#
# Guess: import { emacs } from the package, bundle, and the Emacs keys work as they do in development.
# Saw:   the calls that fill the keymap and the commands are marked as free of effects, so a bundler that believes
#        the marks drops them: a production build has the extension, and next to none of its key bindings.
# So:    Collab's build takes the marks away from that one package before it is bundled.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with @replit/codemirror-emacs@6.1.0 @codemirror/state@6.7.6 @codemirror/view@6.43.15 \
    @codemirror/commands@6.11.1 @codemirror/search@6.7.2 @codemirror/autocomplete@6.20.4 rollup@4.59.0
printf 'export { emacs } from "@replit/codemirror-emacs";\n' >entry.js
bundled() { npx rollup entry.js --silent --external "@codemirror/state,@codemirror/view,@codemirror/commands,@codemirror/search,@codemirror/autocomplete" --plugin ./resolve.js "$@"; }
cat >resolve.js <<'JS'
export default () => ({
  resolveId: (id) => (id === "@replit/codemirror-emacs" ? new URL("node_modules/@replit/codemirror-emacs/dist/index.js", import.meta.url).pathname : null),
});
JS
bindings() { grep -c 'M-f' <<<"$1" || true; }
expect "lines that name M-f, marks believed" "$(bindings "$(bundled)")" "0"
expect "lines that name M-f, marks ignored" "$(bindings "$(bundled --no-treeshake.annotations)")" "2"
