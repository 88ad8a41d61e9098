// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.model;

import com.google.gson.JsonObject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** {@code metav1.MicroTime}: read with six decimals in any zone, given out in UTC. */
public final class MicroTimes {
  private static final DateTimeFormatter READ =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX");
  private static final DateTimeFormatter WRITE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

  private MicroTimes() {}

  /**
   * Rewrites the time in a field, if there is one.
   *
   * @param object may be null
   * @throws ApiException 400 for a time without six decimals, as the server's decoder does
   */
  public static void rewrite(JsonObject object, String field) {
    String text = object == null ? "" : Json.string(object, field);
    if (text.isEmpty()) {
      return;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text, READ);
      object.addProperty(field, WRITE.format(time.withOffsetSameInstant(ZoneOffset.UTC)));
    } catch (DateTimeParseException e) {
      throw new ApiException(
          ApiStatus.badRequest(
              "parsing time \""
                  + text
                  + "\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse"));
    }
  }
}
