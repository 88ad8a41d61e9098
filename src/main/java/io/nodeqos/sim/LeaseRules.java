// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim;

import com.google.gson.JsonObject;
import io.nodeqos.sim.ApiStatus.Cause;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** What the server makes of a Lease: times are {@code metav1.MicroTime}, UTC with six decimals. */
final class LeaseRules {
  private static final DateTimeFormatter READ =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX");
  private static final DateTimeFormatter WRITE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

  private LeaseRules() {}

  /**
   * Rewrites the times in the spec in the server's form.
   *
   * @throws ApiException 400 for a time without six decimals, as the server's decoder does; 422 for
   *     a duration that is not positive or a negative count of transitions
   */
  static void normalise(ResourceType type, JsonObject lease) {
    rewrite(lease, "renewTime");
    rewrite(lease, "acquireTime");
    List<Cause> causes = new ArrayList<>();
    if (Json.number(lease, 1, "spec", "leaseDurationSeconds") <= 0) {
      causes.add(Cause.invalid("spec.leaseDurationSeconds", "must be greater than 0"));
    }
    if (Json.number(lease, 0, "spec", "leaseTransitions") < 0) {
      causes.add(Cause.invalid("spec.leaseTransitions", "must be greater than or equal to 0"));
    }
    if (!causes.isEmpty()) {
      throw new ApiException(
          ApiStatus.invalid(type, Json.string(lease, "metadata", "name"), causes));
    }
  }

  private static void rewrite(JsonObject lease, String field) {
    JsonObject spec = Json.object(lease, "spec");
    String text = Json.string(spec, field);
    if (text.isEmpty()) {
      return;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text, READ);
      spec.addProperty(field, WRITE.format(time.withOffsetSameInstant(ZoneOffset.UTC)));
    } catch (DateTimeParseException e) {
      throw new ApiException(
          ApiStatus.badRequest(
              "parsing time \""
                  + text
                  + "\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse"));
    }
  }
}
