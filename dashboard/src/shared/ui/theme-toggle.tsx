import { chooseTheme, type ThemeChoice, useThemeChoice } from "@/shared/lib/theme";
import { Icon, type IconName } from "./icon";

const NEXT: Record<ThemeChoice, ThemeChoice> = { system: "light", light: "dark", dark: "system" };
const ICONS: Record<ThemeChoice, IconName> = { system: "screen", light: "sun", dark: "moon" };

/** Cycles system, light, dark; the choice is remembered. */
export function ThemeToggle() {
  const choice = useThemeChoice();
  return (
    <button
      type="button"
      onClick={() => chooseTheme(NEXT[choice])}
      aria-label={`Theme: ${choice}. Switch to ${NEXT[choice]}.`}
      title={`Theme: ${choice}`}
      className="grid size-9 place-items-center rounded-lg text-ink-soft hover:bg-sunken hover:text-ink"
    >
      <Icon name={ICONS[choice]} size={18} />
    </button>
  );
}
