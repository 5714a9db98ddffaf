import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

/** What one target did in one measurement, as medians over the rounds. */
export interface Measured {
  readonly title: string;
  readonly name: string;
  readonly perSecond?: number;
  /** Microseconds of the server's processor time for a call. */
  readonly cpu?: number;
  /** In milliseconds. */
  readonly p50?: number;
  readonly p99?: number;
  /** In MiB, at the end. */
  readonly rss?: number;
  /** Of a cold start. */
  readonly milliseconds?: number;
}

/** A Markdown table; the first line is the floor, which the ratios are of. */
export function table(results: readonly Measured[]): string {
  const [floor] = results;
  const head =
    floor?.milliseconds === undefined
      ? ['', 'calls/s', '% of the floor', 'µs CPU a call', '% of the floor by CPU', 'p50 ms', 'p99 ms', 'RSS MiB']
      : ['', 'ms', '× bare node'];
  const lines = results.map(({ name, perSecond = 0, cpu = 0, p50 = 0, p99 = 0, rss = 0, milliseconds }) =>
    milliseconds === undefined
      ? [
          name,
          perSecond.toFixed(0),
          percent(perSecond, floor?.perSecond),
          cpu.toFixed(1),
          percent(floor?.cpu ?? 0, cpu),
          ...(p50 === 0 ? ['', ''] : [p50.toFixed(2), p99.toFixed(2)]),
          rss.toFixed(0),
        ]
      : [name, milliseconds.toFixed(0), (milliseconds / (floor?.milliseconds ?? 1)).toFixed(2)],
  );
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function percent(part: number, whole = 1): string {
  return ((part / whole) * 100).toFixed(1);
}

/** docs/performance.md. */
export function page(results: readonly (readonly Measured[])[]): string {
  const { dependencies } = JSON.parse(readFileSync(new URL('peers/package.json', import.meta.url), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  const versions = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
  return `# Performance

![Tool calls per second as a share of what bare node:http does](performance.svg)

What \`pnpm bench\` measured (it wrote this page) on Node ${process.versions.node}, ${process.platform} ${process.arch},
${availableParallelism()} cores, load average ${(loadavg()[2] ?? 0).toFixed(1)}, with
${versions.join(', ')}.

Every server offers the same tools and runs in a process of its own; one client process drives them in turn, in short
rounds, and the figures are medians over the rounds. The client never sleeps, so that no server pays for waking it. The
floor, "bare node", is \`node:http\` with \`JSON.parse\` and
\`JSON.stringify\` and no protocol, validation or safety at all. Absolute figures depend on the machine and on what else
it does; the shares, above all those by processor time, depend on them little. Mortise runs with its defaults: strict
arguments, parsed results, masked errors, Host and Origin guards.

${results.map((each) => `## ${each[0]?.title ?? ''}\n\n${table(each)}`).join('\n\n')}

## Where the time goes

\`\`\`sh
# processor time by function, of the server alone, while the benchmark drives it
node --cpu-prof --conditions=@mortise/source test/bench/servers/mortise.mjs --http --port 3000
# bytes allocated by function
node --heap-prof --conditions=@mortise/source test/bench/servers/mortise.mjs --http --port 3000
\`\`\`

What a call may allocate is in \`test/bench/budget.json\`, which a test holds: it counts bytes, not time, so that it says
the same on every machine.
`;
}

const BAR = { height: 22, gap: 8, left: 140, width: 420 };

/** A bar for each target of the first measurements: its share of the floor, by processor time. */
export function chart(results: readonly (readonly Measured[])[]): string {
  const shown = results.filter(([first]) => first?.title.startsWith('HTTP tools/call'));
  const parts: string[] = [];
  let y = 10;
  for (const group of shown) {
    const floor = group[0]?.cpu ?? 1;
    parts.push(
      `<text x="0" y="${(y += 18)}" font-weight="bold">${group[0]?.title}: share of bare node, by CPU time</text>`,
    );
    y += 10;
    for (const { name, cpu = 1 } of group) {
      const share = floor / cpu;
      const color = name.startsWith('Mortise') ? '#0a7' : '#99a';
      parts.push(
        `<text x="${BAR.left - 8}" y="${y + 16}" text-anchor="end">${name}</text>`,
        `<rect x="${BAR.left}" y="${y}" width="${(share * BAR.width).toFixed(1)}" height="${BAR.height}" fill="${color}"/>`,
        `<text x="${(BAR.left + share * BAR.width + 6).toFixed(1)}" y="${y + 16}">${(share * 100).toFixed(1)} %</text>`,
      );
      y += BAR.height + BAR.gap;
    }
    y += 10;
  }
  const style = 'font-family="system-ui, sans-serif" font-size="13" fill="currentColor"';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 ${y}" ${style}>\n${parts.join('\n')}\n</svg>\n`;
}
