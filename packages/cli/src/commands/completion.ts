import { parseArgs } from 'node:util';

import { UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';

const options = {} as const;

/** Prints a script that lets a shell complete the given commands and their options. */
export function completionOf(commands: () => Promise<ReadonlyMap<string, Command>>): Command {
  return {
    usage: 'mortise completion <bash|zsh|fish>',
    summary: 'print a script that completes commands and options in a shell',
    help: `Prints the script for a shell:

  bash    source <(mortise completion bash)         in ~/.bashrc
  zsh     source <(mortise completion zsh)          in ~/.zshrc, after compinit
  fish    mortise completion fish | source          in ~/.config/fish/config.fish

Exit code: 0 printed, 2 wrong usage`,
    options,

    async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
      const { positionals } = parseArgs({ args: [...parameters], allowPositionals: true, options });
      const [shell, more] = positionals;
      const script = more === undefined ? scripts.get(shell ?? '') : undefined;
      if (!script) throw new UsageError(`it takes ${[...scripts.keys()].join(', ')}`);
      terminal.out(script(await commands()));
      return 0;
    },
  };
}

type Script = (commands: ReadonlyMap<string, Command>) => string;

const bash: Script = (commands) => `_mortise() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then words="${[...commands.keys()].join(' ')} --help"
  elif [ "\${word#-}" = "$word" ]; then COMPREPLY=($(compgen -f -- "$word")); return
  else case "\${COMP_WORDS[1]}" in
${[...commands].map(([name, command]) => `    ${name}) words="${optionsOf(command).join(' ')}" ;;`).join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o filenames -F _mortise mortise`;

const zsh: Script = (commands) => `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;

const fish: Script = (commands) =>
  [...commands]
    .flatMap(([name, command]) => [
      `complete -c mortise -n __fish_use_subcommand -f -a ${name} -d '${command.summary.replaceAll("'", "\\'")}'`,
      ...optionsOf(command).map(
        (option) => `complete -c mortise -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`,
      ),
    ])
    .join('\n');

const scripts: ReadonlyMap<string, Script> = new Map([
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
]);

function optionsOf({ options: known }: Command): string[] {
  return [...Object.keys(known), 'help'].map((name) => `--${name}`);
}
