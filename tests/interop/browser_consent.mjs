// What a learner's browser does between a wallet's two steps: opens the page signed in, presses Yes, and is sent back.
export async function consentInBrowser(address, cookie, award) {
  const page = await fetch(address, {headers: {cookie, accept: 'text/html'}, redirect: 'manual'});
  const html = await page.text();
  const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(html)[1];
  const jar = [cookie, ...page.headers.getSetCookie().map(line => line.split(';')[0])].join('; ');
  const pressed = await fetch(address, {
    method: 'POST', redirect: 'manual',
    headers: {
      cookie: jar, accept: 'text/html', origin: new URL(address).origin, referer: address,
      'content-type': 'application/x-www-form-urlencoded'
    },
    body: new URLSearchParams({csrfmiddlewaretoken: token, answer: 'yes', award})
  });
  return pressed.headers.get('location');
}
