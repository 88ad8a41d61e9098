// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.node.Keys;
import io.nodeqos.node.value.Sha256;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.brake.Brake.Episode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The brake in the status of a policy: {@code status.brake} and the message of the condition. */
public final class BrakeStatus {
  public static final String REASON = "Braked";
  public static final String FIELD = "brake";
  private static final int MAX_EXAMPLE_LENGTH = 500;
  private static final JsonPrimitive NO_NODES = new JsonPrimitive(0);

  private BrakeStatus() {}

  /** The start of the episode that a status records. */
  public static Optional<Instant> since(JsonObject status) {
    try {
      return status.get(FIELD) instanceof JsonObject brake && brake.has("since")
          ? Optional.of(Instant.parse(brake.get("since").getAsString()))
          : Optional.empty();
    } catch (DateTimeException | UnsupportedOperationException | IllegalStateException notOurs) {
      return Optional.empty();
    }
  }

  /** Ten hex digits: they identify the change of a policy that an operator confirms. */
  public static String token(PolicyObject.Meta policy, Instant since) {
    String change = "brake/" + policy.uid() + "/" + policy.generation() + "/" + since;
    return Sha256.shortHex(change);
  }

  /** The value of the field of the status. */
  public static JsonObject json(Episode e) {
    JsonObject brake = new JsonObject();
    brake.addProperty("token", e.token());
    brake.addProperty("since", e.since().toString());
    brake.addProperty("confirmed", e.confirmed());
    brake.addProperty("nodes", e.counts().threatened());
    brake.addProperty("warm", e.counts().warm());
    return brake;
  }

  /**
   * Removes the field from a status that is written without it.
   *
   * @param present the present status: a merge patch does not remove fields that it does not name
   */
  public static void clear(JsonObject status, JsonObject present) {
    if (!status.has(FIELD) && present.get(FIELD) instanceof JsonObject) {
      status.add(FIELD, JsonNull.INSTANCE);
    }
  }

  /** True when the written status reports held nodes and the status before did not. */
  public static boolean isNews(JsonObject before, Episode episode) {
    return episode.holds()
        && !(before.get(FIELD) instanceof JsonObject brake
            && brake.has("token")
            && brake.get("token").getAsString().equals(episode.token())
            && !NO_NODES.equals(brake.get("nodes")));
  }

  public static String message(Episode e) {
    return e.counts().threatened()
        + " of "
        + e.counts().warm()
        + " warm nodes would lose their mark"
        + e.counts().examples().entrySet().stream().findFirst().map(BrakeStatus::example).orElse("")
        + ". To allow it: kubectl annotate --overwrite nqp "
        + e.policy()
        + " "
        + Keys.CONFIRM
        + "="
        + e.token();
  }

  private static String example(Map.Entry<String, String> node) {
    String why = node.getValue().endsWith(".") ? node.getValue() : node.getValue() + ".";
    String cut =
        why.length() <= MAX_EXAMPLE_LENGTH
            ? why.substring(0, why.length() - 1)
            : why.substring(0, MAX_EXAMPLE_LENGTH) + "…";
    return " (" + node.getKey() + ": " + cut + ")";
  }
}
