// Loaded into every server before its own code: tells the benchmark what the process uses.
import { Session } from 'node:inspector/promises';

const inspector = new Session();

/** Every allocation counts, also of what is collected meanwhile; one in 4 KiB is sampled. */
const SAMPLING = {
  samplingInterval: 4096,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
};

const answers = {
  usage: () => ({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() }),
  async startSampling() {
    inspector.connect();
    await inspector.post('HeapProfiler.startSampling', SAMPLING);
    return {};
  },
  async stopSampling() {
    const { profile } = await inspector.post('HeapProfiler.stopSampling');
    inspector.disconnect();
    const sum = ({ selfSize, children }) => children.reduce((total, child) => total + sum(child), selfSize);
    return { bytes: sum(profile.head) };
  },
};

process.on('message', async (question) => process.send?.(await answers[question]()));
process.channel?.unref();
