import { NotificationChannel } from "../../constructs/notification-channel";
import { only, refusal } from "./support";

describe("NotificationChannel", () => {
  test("sends email, and is not deleted while an alert uses it", () => {
    const props = { name: "Operators", email: "ops@example.com", labels: { a: "b" } };
    const found = only(
      "google_monitoring_notification_channel",
      (stack) => new NotificationChannel(stack, "operators", props),
    );
    expect(found).toEqual({
      display_name: "Operators",
      type: "email",
      labels: { email_address: "ops@example.com" },
      user_labels: { a: "b" },
      enabled: true,
      force_delete: false,
    });
  });

  test("is imported by its name", () => {
    const resourceName = "projects/p/notificationChannels/1";
    expect(NotificationChannel.fromName(resourceName)).toEqual({ resourceName });
  });

  test("rejects what is not an email address", () => {
    const props = { name: "Operators", email: "ops" };
    expect(refusal((stack) => new NotificationChannel(stack, "operators", props))).toContain(
      'email: "ops" must be an email address',
    );
  });
});
