// What every server of the benchmark offers: the tool `add`, and as many fillers as TOOLS asks for.
export const toolCount = Number(process.env.TOOLS ?? 10);

/** Names of the tools that are only there to be listed. */
export const fillers = Array.from({ length: toolCount - 1 }, (_, index) => `search_things_${index}`);

export const descriptions = {
  add: 'Add two numbers.',
  filler: 'Search things by name, and get at most as many as asked for.',
  a: 'The first number',
  query: 'Text to look for',
  limit: 'Maximum number of things',
};

/** Where the benchmark wants the server. */
export const overHttp = process.env.TRANSPORT !== 'stdio';
export const port = Number(process.env.PORT);
