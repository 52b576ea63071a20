/**
 * Decides the language of a file when nobody has chosen one, by the file's name. The server has the
 * same table; both run `tests/vectors/changes.json`.
 */
import type { Language } from "./kind";

/** The language of a file that is in no other. */
export const PLAIN: Language = "text";

/** Each language with the endings of its files' names. `=name` is a whole name. */
const TABLE = `
python py pyi pyw bzl bazel =BUILD =BUCK
javascript js mjs cjs
jsx jsx
typescript ts mts cts
tsx tsx
json json map webmanifest geojson jsonl ndjson ipynb =.prettierrc =.eslintrc =.babelrc
json =.swcrc =composer.lock =pipfile.lock =flake.lock
jsonc jsonc json5 code-workspace =tsconfig.json =jsconfig.json =.jshintrc
html htm html xhtml hbs handlebars astro ejs erb
css css
scss scss
sass sass
less less
markdown md markdown mkd mdown mdx rmd qmd
yaml yml yaml =.clang-format =.clang-tidy
toml toml =cargo.lock =poetry.lock =uv.lock =pipfile
xml xml svg xsl xslt xsd rss atom wsdl plist xaml csproj fsproj vbproj props targets resx
sql sql ddl
postgresql psql pgsql
plsql pls
cql cql
shell sh bash zsh ksh fish =.bashrc =.bash_profile =.bash_aliases =.bash_logout =.profile
shell =.zshrc =.zshenv =.zprofile =.zlogin =.kshrc =pkgbuild
batch bat cmd
powershell ps1 psd1 psm1
c c h glsl vert frag
cpp cpp cc cxx c++ hpp hh hxx h++ inl ipp tpp ino pde cu cuh
csharp cs csx
fsharp fs fsi fsx
java java
kotlin kt kts
swift swift
go go
rust rs
ruby rb rake gemspec ru =gemfile =rakefile =vagrantfile =podfile =brewfile =guardfile
php php php3 php4 php5 php7 phtml
r r
lua lua
perl pl pm
haskell hs
vue vue
svelte svelte
diff diff patch
latex tex ltx sty cls
dockerfile dockerfile =dockerfile =containerfile
makefile mk mak =makefile =gnumakefile
hcl tf tfvars hcl
graphql gql graphql
properties ini properties cfg conf env =.env =.editorconfig =.gitconfig =.gitignore
properties =.gitattributes =.gitmodules =.dockerignore =.npmignore =.npmrc =.pylintrc
properties =.flake8 =.coveragerc
nginx =nginx =nginx.conf
asterisk =extensions.conf
jinja j2 jinja jinja2 njk twig
liquid liquid
webassembly wat wast
apl apl dyalog
pgp asc pgp sig
asn.1 asn asn1
brainfuck bf b
cobol cob cpy cbl
clojure clj cljc cljx
clojurescript cljs
gss gss
cmake cmake =cmakelists.txt
coffeescript coffee
common-lisp lisp cl el
cypher cyp cypher
cython pyx pxd pxi
crystal cr
d d
dart dart
dtd dtd
dylan dyl dylan intr
ecl ecl
edn edn
eiffel e
elm elm
erlang erl hrl
factor factor
forth fth forth 4th
fortran f90 f for f77 f95 f03
gas s asm
gherkin feature
groovy groovy gradle =jenkinsfile
haxe hx
hxml hxml
idl pro
json-ld jsonld
julia jl
livescript ls
mirc mrc
mathematica nb wl wls
modelica mo
mumps mps
mbox mbox
nsis nsi nsh
ntriples nt nq
objective-c m
objective-c++ mm
ocaml ml mli mll mly
octave octave
oz oz
pascal pas p dpr
pig pig
protobuf proto
pug pug jade
puppet pp
q q
rpm-spec spec
sas sas
scala scala sbt sc
scheme scm ss rkt
sieve sieve siv
smalltalk st
sml sml fun smackspec
sparql rq sparql
squirrel nut
stylus styl
systemverilog sv svh v
tcl tcl
textile textile
troff man roff
ttcn ttcn ttcn3 ttcnpp
ttcn-cfg ttcncfg
turtle ttl
web-idl webidl
vb.net vb
vbscript vbs
velocity vtl vm
verilog vh
vhdl vhd vhdl
xquery xq xquery xqy xqm xy
yacas ys
z80 z80
mscgen msc mscgen mscin
xu xu
msgenny msgenny
`;
/** The endings of each language. */
export const ENDINGS = new Map<Language, string[]>();
const LANGUAGES = new Map<string, Language>();
for (const line of TABLE.trim().split("\n")) {
  const [language = PLAIN, ...endings] = line.split(" ");
  ENDINGS.set(language, [...(ENDINGS.get(language) ?? []), ...endings]);
  for (const ending of endings) LANGUAGES.set(ending, language);
}
/** The endings of names of files in these languages, in rooms from before the tree. */
const OF_OLD = new Map([
  ["python", ".py"],
  ["javascript", ".js"],
  ["typescript", ".ts"],
]);

/**
 * Return the language that a file's name implies: by the whole name, its ending, or its beginning, as
 * in `Dockerfile.dev` and `.env.local`. Capital letters count only in names such as `BUILD`.
 */
export function languageOf(name: string): Language {
  const lower = name.toLowerCase();
  const ending = lower.includes(".") ? lower.slice(lower.lastIndexOf(".") + 1) : "";
  const beginning = lower.slice(0, 1) + lower.slice(1).split(".", 1)[0];
  const keys = [`=${name}`, `=${lower}`, ending, `=${beginning}`];
  return keys.flatMap((key) => LANGUAGES.get(key) ?? [])[0] ?? PLAIN;
}

/**
 * Return the language that somebody chose when a file was added. Rooms from before the tree name the
 * language of every file, so a language that the name implies counts as not chosen: null.
 */
export function chosenLanguage(name: string, language: Language | null): Language | null {
  const ending = language === null ? undefined : OF_OLD.get(language);
  return ending && name.endsWith(ending) ? null : language;
}
