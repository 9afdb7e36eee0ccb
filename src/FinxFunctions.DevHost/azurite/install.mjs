// Installs what package-lock.json pins. Into a folder of its own first, then moved into place in one step: builds may run at once,
// and one that is interrupted leaves nothing half done.
import { execSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fail = message => {
  console.log(`azurite : error AZURITE : ${message}`); // the form in which MSBuild recognises an error
  process.exit(1);
};

if (parseInt(process.versions.node) < 20)
  fail(`DevHost needs Node.js 20 or newer to run Azurite; this is ${process.version}.`);

const isCurrent = () => {
  const installed = statSync('node_modules/.installed', { throwIfNoEntry: false });
  return installed !== undefined && installed.mtimeMs >= statSync('package-lock.json').mtimeMs;
};

const folder = mkdtempSync('.installing-');
try {
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(file, join(folder, file));
  console.log('Installing Azurite (once)...');
  execSync('npm ci --no-audit --no-fund --loglevel=error', { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(join(folder, 'node_modules', '.installed'), '');

  if (!isCurrent()) {
    if (statSync('node_modules', { throwIfNoEntry: false }))
      renameSync('node_modules', join(folder, 'replaced'));
    renameSync(join(folder, 'node_modules'), 'node_modules');
  }
} catch (error) {
  if (!isCurrent()) // else another build has just done it
    fail(`npm could not install Azurite: ${error.message}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
