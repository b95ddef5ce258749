// Chromium navigates to no scheme that it does not know: app://studio/x is http://studio.app.localhost/x in the
// stand-in's browser (a secure context too), and answered by the app's own protocol handler all the same.

const SUFFIX = '.app.localhost'

export function toBrowserUrl(url: string): string {
  const { protocol, host, pathname, search } = new URL(url)
  return protocol === 'app:' ? `http://${host}${SUFFIX}${pathname}${search}` : url
}

export function fromBrowserUrl(url: string): string {
  const { hostname, pathname, search } = new URL(url)
  return hostname.endsWith(SUFFIX) ? `app://${hostname.slice(0, -SUFFIX.length)}${pathname}${search}` : url
}
