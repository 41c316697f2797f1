// The requests of tests/KafkaClient, answered by kafkajs: brokers as the argument, JSON lines in and out.
import { createInterface } from 'node:readline';
import { Kafka, logLevel } from 'kafkajs';

// Silent: its complaints about the mock broker's answers are not this suite's subject.
const kafka = new Kafka({ clientId: 'plain', brokers: process.argv[2].split(','), logLevel: logLevel.NOTHING });
const producer = kafka.producer({ allowAutoTopicCreation: true });
const admin = kafka.admin();
await Promise.all([producer.connect(), admin.connect()]);

const requests = {
  async produce({ topic, key = null, value, headers = {} }) {
    await producer.send({ topic, messages: [{ key, value, headers }] });
    return {};
  },

  async read({ topic, count }) {
    const consumer = kafka.consumer({ groupId: `reader-${process.pid}-${Date.now()}` });
    const records = [];
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${records.length} of ${count} records`)), 20_000);
      const eachMessage = async ({ partition, message }) => {
        const headers = Object.fromEntries(Object.entries(message.headers).map(([name, text]) => [name, text.toString()]));
        records.push({ partition, key: message.key?.toString() ?? null, headers, value: message.value.toString() });
        if (records.length === count) {
          clearTimeout(late);
          resolve();
        }
      };
      consumer.run({ eachMessage }).catch(reject);
    });
    await consumer.disconnect();
    return { records };
  },

  async committed({ topic, group }) {
    const [{ partitions }] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    return { committed: partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const answer = await requests[request.do](request).catch(error => ({ error: error.message }));
  console.log(JSON.stringify(answer));
}
await Promise.all([producer.disconnect(), admin.disconnect()]);
