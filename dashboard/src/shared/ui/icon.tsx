import type { ReactNode } from "react";

const PATHS = {
  pulse: <path d="M2 12h4l3-7 5 14 3-9 1.5 2H22" />,
  bell: <path d="M6 16V11a6 6 0 1 1 12 0v5l1.5 2h-15L6 16ZM10 21h4" />,
  layers: <path d="m12 3 9 5-9 5-9-5 9-5ZM3.5 12.5 12 17l8.5-4.5M3.5 16.5 12 21l8.5-4.5" />,
  flow: <path d="M3 6h6v5H3zM15 13h6v5h-6zM9 8.5h5.5a2.5 2.5 0 0 1 2.5 2.5v2" />,
  sun: (
    <path d="M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4" />
  ),
  moon: <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z" />,
  screen: <path d="M3 5h18v11H3zM9 20h6M12 16v4" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  alert: <path d="M12 4 2.5 20h19L12 4ZM12 10v4.5M12 17.2v.3" />,
  critical: <path d="M8 3h8l5 5v8l-5 5H8l-5-5V8l5-5ZM12 8v5M12 16v.3" />,
  info: <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 11v5M12 8v.3" />,
  clock: <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7v5l3.5 2" />,
  chevron: <path d="m7 10 5 5 5-5" />,
  arrow: <path d="M5 12h14M13 6l6 6-6 6" />,
  back: <path d="M19 12H5M11 6l-6 6 6 6" />,
  search: <path d="M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM16 16l4.5 4.5" />,
  server: <path d="M3 4h18v7H3zM3 13h18v7H3zM7 7.5h.01M7 16.5h.01" />,
  play: <path d="M7 5v14l12-7L7 5Z" />,
  unplugged: <path d="M4 4l16 16M8.5 8.5 6 11a4 4 0 0 0 6 6l2-2M10 6l2-2a4 4 0 0 1 6 6l-2 2" />,
  storm: <path d="M7 15a4 4 0 0 1 .5-8 5.5 5.5 0 0 1 10.6 1.3A3.5 3.5 0 0 1 18 15M13 11l-3 5h4l-3 5" />,
  muted: <path d="M4 4l16 16M8.5 5.6A6 6 0 0 1 18 11v3M6 9.5V16l-1.5 2H17M10 21h4" />,
  user: <path d="M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20.5a7.5 7.5 0 0 1 15 0" />,
  copy: <path d="M9 9h11v11H9zM15 9V4H4v11h5" />,
  repeat: <path d="M17 3l3 3-3 3M4 12V9a3 3 0 0 1 3-3h13M7 21l-3-3 3-3M20 12v3a3 3 0 0 1-3 3H4" />,
  target: <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 12h.01" />,
  chat: <path d="M4 5h16v11H10l-5 4v-4H4V5Z" />,
  hourglass: <path d="M6 3h12M6 21h12M7 3c0 5 5 6 5 9s-5 4-5 9M17 3c0 5-5 6-5 9s5 4 5 9" />,
  wrong: <path d="M6 6l12 12M18 6 6 18" />,
  shield: <path d="M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6l-7-3ZM9 12l2.2 2.2L15.5 10" />,
  dot: <path d="M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z" fill="currentColor" stroke="none" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

/** A 24-unit line icon in the text's colour. Always beside words, so it is hidden from screen readers. */
export function Icon({ name, size = 16, className = "" }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`shrink-0 ${className}`}
    >
      {PATHS[name]}
    </svg>
  );
}
