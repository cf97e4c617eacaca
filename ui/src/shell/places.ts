/** The places of the top bar, with the key that follows `g`. */
export const places = [
  { href: '/', name: 'Services', key: 's' },
  { href: '/builds', name: 'Builds', key: 'b' },
  { href: '/deliveries', name: 'Deliveries', key: 'd' },
  { href: '/graph', name: 'Graph', key: 'g' },
  { href: '/environments', name: 'Environments', key: 'e' },
  { href: '/system', name: 'System', key: 'y' },
] as const;
