// Loaded into every server before its own code: tells the benchmark what the process has used so far.
process.on('message', () => {
  process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() });
});
process.channel?.unref();
