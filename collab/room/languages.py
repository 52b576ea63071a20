"""Finds the language of a file by its name, where nobody has chosen one.

`frontend/src/room/languages.ts` has the same table; both run `tests/vectors/changes.json`.
"""

from __future__ import annotations

from collab.protocol import Language

LANGUAGES: dict[Language, str] = {"python": "py", "javascript": "js", "typescript": "ts"}
"""The languages that a new room may begin in, and the ending of its first file's name."""

PLAIN: Language = "text"
"""The language of a file that is in no other."""

_TABLE = """
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
"""
"""Each language, and the endings of its files' names. `=name` is a whole name."""

ENDINGS: dict[str, Language] = {
    ending: language
    for language, *endings in (line.split() for line in _TABLE.strip().splitlines())
    for ending in endings
}


def language_of(name: str) -> Language:
    """Return the language that belongs to the name of a file.

    The whole name counts, its ending, or its beginning, as in `Dockerfile.dev` and `.env.local`.
    Capital letters count only in names such as `BUILD`.
    """
    lower = name.lower()
    ending = lower.rpartition(".")[2] if "." in lower else ""
    beginning = lower[: lower.find(".", 1)] if "." in lower[1:] else lower
    keys = (f"={name}", f"={lower}", ending, f"={beginning}")
    return next((ENDINGS[key] for key in keys if key in ENDINGS), PLAIN)


def chosen_language(name: str, language: Language | None) -> Language | None:
    """Return the language that counts as chosen for a new file; None if its name implies it.

    Releases before the tree named the language of every file. So a language that the ending implies
    counts as not chosen, for these endings and for ever: otherwise the fold of an old log would
    change.
    """
    by_name = language in LANGUAGES and name.endswith(f".{LANGUAGES[language]}")
    return None if by_name else language
