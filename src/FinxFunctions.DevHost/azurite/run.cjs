// Runs Azurite for as long as stdin is open. DevHost holds the other end, and the operating system closes it when DevHost ends,
// however it ends; so Azurite never outlives it.
//
// node run.cjs table|all [Azurite's own options]
const { default: Server } = require('azurite/dist/src/common/ServerBase');

const servers = [];
const start = Server.prototype.start;
Server.prototype.start = async function () {
  await start.call(this);
  servers.push(this);
  console.log(`${this.constructor.name} ${this.getHttpServerAddress()}`); // with port 0, the only place that knows
};

// Ctrl+C reaches every process of the terminal. Storage goes last, when DevHost says so.
process.on('SIGINT', () => {});
process.on('newListener', (name, listener) => name === 'SIGINT' && queueMicrotask(() => process.off(name, listener)));

process.stdin.resume().once('close', async () => {
  await Promise.allSettled(servers.map(server => server.close()));
  process.exit();
});

const [services] = process.argv.splice(2, 1);
require(services === 'table' ? 'azurite/dist/src/table/main' : 'azurite/dist/src/azurite');
