// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import com.google.gson.JsonObject;
import io.nodeqos.http.Request;
import io.nodeqos.http.Response;
import io.nodeqos.node.value.GoDuration;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The parameters of a request; an invalid one is reported as a sentence. */
final class QueryParameters {
  private final Map<String, String> query;

  private QueryParameters(Map<String, String> query) {
    this.query = query;
  }

  /** A request is invalid. The message is one sentence. */
  static final class BadRequest extends Exception {
    private static final long serialVersionUID = 1L;

    BadRequest(String sentence) {
      super(sentence);
    }

    Response response() {
      return error(400, getMessage());
    }
  }

  /** A sentence with the reason of the refusal, as JSON. */
  static Response error(int status, String sentence) {
    JsonObject json = new JsonObject();
    json.addProperty("error", sentence);
    return Response.json(status, json + "\n");
  }

  /**
   * @param known names of the supported parameters
   */
  static QueryParameters of(Request request, Set<String> known) throws BadRequest {
    for (String name : new TreeSet<>(request.query().keySet())) {
      if (!known.contains(name)) {
        throw new BadRequest(
            request.path()
                + " has no parameter "
                + name
                + ". Parameters: "
                + String.join(", ", new TreeSet<>(known))
                + ".");
      }
    }
    return new QueryParameters(request.query());
  }

  /** Empty when it is absent. */
  String text(String name) {
    return query.getOrDefault(name, "");
  }

  /** A time, absolute or as a duration before now. */
  Optional<Instant> since(Instant now) throws BadRequest {
    String since = text("since");
    if (since.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(since).toInstant());
    } catch (DateTimeException noTime) {
      try {
        return Optional.of(now.minus(GoDuration.parse(since)));
      } catch (IllegalArgumentException | DateTimeException neither) {
        throw new BadRequest(
            "since is \""
                + since
                + "\", but must be a time such as 2026-11-23T14:00:00Z or a duration such as 2h or"
                + " 30m.");
      }
    }
  }

  /** {@code true} or {@code false}, the default when it is absent. */
  boolean flag(String name, boolean defaultValue) throws BadRequest {
    String value = text(name);
    if (!Set.of("", "true", "false").contains(value)) {
      throw new BadRequest("%s is \"%s\", but must be true or false.".formatted(name, value));
    }
    return value.isEmpty() ? defaultValue : value.equals("true");
  }

  /** A whole number, the default when it is absent. */
  long number(String name, long min, long max, long defaultValue) throws BadRequest {
    String value = text(name);
    if (value.isEmpty()) {
      return defaultValue;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      // Refused below.
    }
    throw new BadRequest(
        "%s is \"%s\", but must be a whole number from %d to %d.".formatted(name, value, min, max));
  }
}
