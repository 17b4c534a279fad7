import { spawn } from 'node:child_process';

/** Opens an address with what the system opens addresses with; that it can not is no failure: the address is shown, too. */
export function openBrowser(url: string): void {
  const [command, ...parameters] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(command!, [...parameters, url], { stdio: 'ignore', detached: true }); // every list has a first
  child.on('error', () => {});
  child.unref();
}

/** `rundll32` takes the address as it is; `start` would have the shell read it. */
const openers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
