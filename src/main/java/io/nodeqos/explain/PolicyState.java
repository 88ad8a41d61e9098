// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.policy.PolicyCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the status of a policy says that is not as it should be. */
public final class PolicyState {
  /** The status that each type has on a healthy policy. */
  private static final Set<String> GOOD_WHEN_TRUE = Set.of("Valid", "Available", "Ready");

  private PolicyState() {}

  /** One sentence each: first the mistakes in the policy, then its conditions. */
  public static List<String> of(PolicyCatalog.Entry entry) {
    List<String> sentences = new ArrayList<>();
    if (!entry.problems().isEmpty()) {
      sentences.add(
          "The policy is invalid: "
              + String.join("; ", entry.problems())
              + "."
              + (entry.inForce().isPresent() ? " Its last valid version is in force." : ""));
    }
    JsonElement conditions = entry.latest().status().get("conditions");
    if (conditions == null || !conditions.isJsonArray()) {
      sentences.add("No replica has written its status yet.");
      return sentences;
    }
    for (JsonElement element : conditions.getAsJsonArray()) {
      // Several conditions can say the same.
      if (element instanceof JsonObject condition
          && !isGood(condition)
          && sentences.stream().noneMatch(s -> s.endsWith(text(condition, "message")))) {
        sentences.add(
            text(condition, "type")
                + " is "
                + text(condition, "status")
                + " ("
                + text(condition, "reason")
                + "): "
                + text(condition, "message"));
      }
    }
    return sentences;
  }

  private static boolean isGood(JsonObject condition) {
    String wanted = GOOD_WHEN_TRUE.contains(text(condition, "type")) ? "True" : "False";
    return text(condition, "status").equals(wanted);
  }

  private static String text(JsonObject in, String field) {
    JsonElement value = in.get(field);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }
}
