import { startConnect, takeReturn } from './connect.js';
import { listConnections, select, startConnections } from './connections.js';
import { showDetail } from './detail.js';

async function startOver() {
  select(null);
  await listConnections();
}

startConnect(startOver);
startConnections(showDetail);
const returned = takeReturn();
await listConnections();
select(returned);
