import type { Command, Option } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A command as completion sees it. */
interface Completable {
  /** Words up to and with its own: `['accounts', 'create']`; empty for the program. */
  readonly path: readonly string[];
  readonly description: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly Option[];
  /** Words that its first argument may be. */
  readonly choices: readonly string[];
}

/** A script that completes commands, options and fixed values of `program`, and file names elsewhere. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = completables(program, program.options);
  const name = program.name();
  switch (shell) {
    case 'bash':
      return bash(name, commands);
    case 'zsh':
      return zsh(name, commands);
    case 'fish':
      return fish(name, commands);
    default: {
      const unknown: never = shell;
      throw new TypeError(`unknown shell ${String(unknown)}`);
    }
  }
}

function completables(command: Command, globals: readonly Option[], path: readonly string[] = []): Completable[] {
  const own = path.length === 0 ? [] : command.options;
  const here: Completable = {
    path,
    description: command.summary() || command.description(),
    commands: command.commands.map((sub) => ({ name: sub.name(), description: sub.summary() || sub.description() })),
    options: [...own, ...globals],
    choices: command.registeredArguments[0]?.argChoices ?? [],
  };
  return [here, ...command.commands.flatMap((sub) => completables(sub, globals, [...path, sub.name()]))];
}

function wordsOf({ commands, choices, options }: Completable): string {
  return [...commands.map(({ name }) => name), ...choices, ...options.map((option) => option.long ?? ''), '--help'].join(' ');
}

/** Fixed values of options, of all commands that have one of that name, and the options whose value is a free text or a file. */
function valuesOf(commands: readonly Completable[]): { readonly choices: ReadonlyMap<string, string>; readonly free: readonly string[] } {
  const taking = commands.flatMap(({ options }) => options).filter((option) => option.required && option.long);
  const fixed = Map.groupBy(
    taking.filter(({ argChoices }) => argChoices),
    ({ long }) => long ?? '',
  );
  const choices = new Map([...fixed].map(([long, options]) => [long, [...new Set(options.flatMap(({ argChoices }) => argChoices ?? []))].join(' ')]));
  return { choices, free: [...new Set(taking.map(({ long }) => long ?? ''))].filter((long) => !choices.has(long)) };
}

function bash(name: string, commands: readonly Completable[]): string {
  const { choices, free } = valuesOf(commands);
  return `# bash completion for ${name}
_${identifier(name)}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" word skip=""
  COMPREPLY=()
  case "$previous" in
${[...choices].map(([long, words]) => `    ${long}) COMPREPLY=($(compgen -W "${words}" -- "$current")); return ;;`).join('\n')}
    ${free.join('|')}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [ -n "$skip" ]; then skip=""; continue; fi
    case "$word" in
      ${[...choices.keys(), ...free].join('|')}) skip=1 ;;
      -*) ;;
      *) case "\${path:+$path }$word" in
${commands
  .filter(({ path }) => path.length > 0)
  .map(({ path }) => `        "${path.join(' ')}") path="${path.join(' ')}" ;;`)
  .join('\n')}
      esac ;;
    esac
  done
  case "$path" in
${commands.map((command) => `    "${command.path.join(' ')}") COMPREPLY=($(compgen -W "${wordsOf(command)}" -- "$current")) ;;`).join('\n')}
  esac
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _${identifier(name)} ${name}
`;
}

function zsh(name: string, commands: readonly Completable[]): string {
  const { choices, free } = valuesOf(commands);
  const listed = (command: Completable): string =>
    [
      ...command.commands.map((sub) => `${sub.name}:${sub.description}`),
      ...command.choices,
      ...command.options.map((option) => `${option.long}:${option.description}`),
      '--help:show help',
    ]
      .map(quoted)
      .join(' ');
  return `#compdef ${name}
# zsh completion for ${name}
_${identifier(name)}() {
  local so_far="" word skip=""
  local -a entries
  case "\${words[CURRENT-1]}" in
${[...choices].map(([long, values]) => `    ${long}) compadd -- ${values}; return ;;`).join('\n')}
    ${free.join('|')}) _files; return ;;
  esac
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -n "$skip" ]]; then skip=""; continue; fi
    case "$word" in
      ${[...choices.keys(), ...free].join('|')}) skip=1 ;;
      -*) ;;
      *) case "\${so_far:+$so_far }$word" in
${commands
  .filter(({ path }) => path.length > 0)
  .map(({ path }) => `        "${path.join(' ')}") so_far="${path.join(' ')}" ;;`)
  .join('\n')}
      esac ;;
    esac
  done
  case "$so_far" in
${commands.map((command) => `    "${command.path.join(' ')}") entries=(${listed(command)}) ;;`).join('\n')}
  esac
  _describe '${name}' entries || _files
}
if [ "$funcstack[1]" = "_${identifier(name)}" ]; then _${identifier(name)} "$@"; else compdef _${identifier(name)} ${name}; fi
`;
}

function fish(name: string, commands: readonly Completable[]): string {
  const lines = commands.flatMap((command) => {
    const { path } = command;
    const names = command.commands.map((sub) => sub.name);
    const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
    const unfinished = names.length > 0 ? [`not __fish_seen_subcommand_from ${names.join(' ')}`] : [];
    const at = (conditions: readonly string[]): string => (conditions.length === 0 ? '' : ` -n ${quoted(conditions.join('; and '))}`);
    return [
      ...command.commands.map((sub) => `complete -c ${name} -f${at([...seen, ...unfinished])} -a ${sub.name} -d ${quoted(sub.description)}`),
      ...(command.choices.length > 0 ? [`complete -c ${name} -f${at(seen)} -a ${quoted(command.choices.join(' '))}`] : []),
      ...(path.length === 0 || names.length === 0 ? command.options.filter((option) => path.length === 0 || !isGlobal(option, commands)) : []).map(
        (option) => fishOption(name, at(path.length === 0 ? [] : seen), option),
      ),
    ];
  });
  return [`# fish completion for ${name}`, ...lines, ''].join('\n');
}

function isGlobal(option: Option, [program]: readonly Completable[]): boolean {
  return program?.options.includes(option) === true;
}

function fishOption(name: string, condition: string, option: Option): string {
  const value = option.argChoices ? ` -x -a ${quoted(option.argChoices.join(' '))}` : option.required ? ' -r' : '';
  return `complete -c ${name}${condition} -l ${(option.long ?? '').slice(2)}${value} -d ${quoted(option.description)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function identifier(name: string): string {
  return name.replaceAll('-', '_');
}
