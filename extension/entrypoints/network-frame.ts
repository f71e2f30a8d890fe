import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { fetchDoor } from '../src/network/fetch.ts';
import { answerThrough } from '../src/network/frame.ts';

export default defineUnlistedScript({
  include: ['firefox'],
  main: () => {
    const door = fetchDoor(__LOOPBACK__);
    addEventListener('message', ({ source, data, ports: [port] }) => {
      if (source === parent && port !== undefined) void answerThrough(port, data, door);
    });
  },
});
