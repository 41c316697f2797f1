import { Component, type ReactNode } from "react";
import { Button } from "@/shared/ui/button";
import { Notice } from "@/shared/ui/notice";

/** The last line: a fault in the dashboard itself says so and offers the way out, instead of an empty page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { message: string | null }> {
  override state: { message: string | null } = { message: null };

  static getDerivedStateFromError(error: unknown): { message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <div className="mx-auto max-w-xl p-6">
        <Notice icon="alert" title="The dashboard has a fault" role="alert">
          <p className="mb-4">{this.state.message}</p>
          <Button onClick={() => window.location.reload()}>Reload</Button>
        </Notice>
      </div>
    );
  }
}
