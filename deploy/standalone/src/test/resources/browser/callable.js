/** Lets ChromiumPage call the functions of a client, with a callback that takes one JSON text. */
export function expose(client) {
  window.callClient = async (name, args, done) => {
    try {
      done(JSON.stringify({ value: (await client[name](...args)) ?? null }));
    } catch (problem) {
      done(JSON.stringify({ problem: `${name}: ${problem?.stack ?? problem}` }));
    }
  };
}
