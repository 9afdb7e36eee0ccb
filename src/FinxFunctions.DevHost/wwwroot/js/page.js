import { startConnect, takeReturn } from './connect.js';
import { listConnections, select, startConnections, tickConnections } from './connections.js';
import { readDue, tickDue } from './due.js';
import { followDetail, showDetail } from './detail.js';
import { startTimeline } from './timeline.js';
import { refreshWorkbench, startWorkbench, tickWorkbench } from './workbench.js';

async function startOver(connectionId = null) {
  select(null);
  await listConnections();
  if (connectionId)
    select(connectionId);
}

let refreshing = null;

/** Reading a token changes nothing that is shown; everything else may. Several things at once are one reason to look. */
function follow(kind) {
  if (kind !== 'read')
    refreshing ??= setTimeout(async () => {
      refreshing = null;
      await refreshWorkbench();
      await Promise.all([listConnections(), readDue().catch(() => {})]); // the list shows the error
    }, 300);
}

startConnect(() => startOver(), startOver);
startConnections(showDetail, followDetail);
const returned = takeReturn();
const hasWorkbench = await startWorkbench();
await listConnections();
if (returned)
  select(returned);
if (hasWorkbench) {
  startTimeline(follow);
  follow('start');
}
setInterval(() => {
  tickConnections();
  if (hasWorkbench) {
    tickWorkbench();
    tickDue();
  }
}, 1000);
