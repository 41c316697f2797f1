const CHANNELS: Record<string, string> = {
  console: "Console",
  email: "E-mail",
  slack: "Slack",
  webhook: "Webhook",
  alertmanager: "Alertmanager",
  binding: "Binding",
};

/** A channel of notifications in words; one this page does not know is shown as it is. */
export const channelText = (channel: string): string => CHANNELS[channel] ?? channel;
