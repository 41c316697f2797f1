import { Link } from "@/shared/ui/link";
import { Notice } from "@/shared/ui/notice";

export function NotFound() {
  return (
    <Notice icon="search" title="There is no such page">
      <Link href="/" className="font-medium text-accent underline underline-offset-4">
        Go to the live view
      </Link>
    </Notice>
  );
}
