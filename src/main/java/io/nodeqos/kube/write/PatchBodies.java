// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import com.google.gson.stream.JsonWriter;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Taint;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes the JSON of patches: only our own fields, and the resourceVersion of the decision. */
final class PatchBodies {
  private interface Content {
    void write(JsonWriter out) throws IOException;
  }

  private PatchBodies() {}

  /** A JSON merge patch (RFC 7396) of labels, annotations and taints. */
  static String metadata(String resourceVersion, MetadataChange change) {
    return json(
        out -> {
          out.name("metadata").beginObject();
          out.name("resourceVersion").value(resourceVersion);
          strings(out, "labels", change.setLabels(), change.removeLabels());
          strings(out, "annotations", change.setAnnotations(), change.removeAnnotations());
          out.endObject();
          if (change.taints().isPresent()) {
            out.name("spec").beginObject();
            taints(out, change.taints().get());
            out.endObject();
          }
        });
  }

  private static void strings(
      JsonWriter out, String field, Map<String, String> set, Set<String> remove)
      throws IOException {
    if (set.isEmpty() && remove.isEmpty()) {
      return;
    }
    Map<String, String> values = new TreeMap<>(set);
    remove.forEach(key -> values.put(key, null));
    out.name(field).beginObject();
    for (Map.Entry<String, String> value : values.entrySet()) {
      out.name(value.getKey()).value(value.getValue());
    }
    out.endObject();
  }

  private static void taints(JsonWriter out, List<Taint> taints) throws IOException {
    out.name("taints");
    if (taints.isEmpty()) {
      out.nullValue();
      return;
    }
    out.beginArray();
    for (Taint taint : taints) {
      out.jsonValue(taint.json());
    }
    out.endArray();
  }

  /**
   * A strategic merge patch of {@code nodes/status}: the list of conditions is merged by type, so
   * that naming ours leaves the conditions of other writers unchanged.
   */
  static String status(String resourceVersion, StatusChange change, Instant now) {
    return json(
        out -> {
          out.name("metadata").beginObject();
          out.name("resourceVersion").value(resourceVersion);
          out.endObject();
          out.name("status").beginObject();
          if (change.condition().isPresent()) {
            out.name("conditions").beginArray();
            condition(out, change.condition().get(), now);
            out.endArray();
          } else if (change.removeCondition()) {
            out.name("conditions").beginArray().beginObject();
            out.name("type").value(Keys.WARMED_UP_CONDITION);
            out.name("$patch").value("delete");
            out.endObject().endArray();
          }
          resources(out, "capacity", change);
          resources(out, "allocatable", change);
          out.endObject();
        });
  }

  private static void condition(JsonWriter out, NodeCondition condition, Instant now)
      throws IOException {
    Instant transition =
        condition.lastTransitionTime().equals(Instant.EPOCH) ? now : condition.lastTransitionTime();
    out.beginObject();
    out.name("type").value(condition.type());
    out.name("status").value(condition.status());
    out.name("reason").value(condition.reason());
    out.name("message").value(condition.message());
    out.name("lastHeartbeatTime").value(time(now));
    out.name("lastTransitionTime").value(time(transition));
    out.endObject();
  }

  private static void resources(JsonWriter out, String field, StatusChange change)
      throws IOException {
    if (change.setResources().isEmpty() && change.removeResources().isEmpty()) {
      return;
    }
    Map<String, Quantity> amounts = new TreeMap<>(change.setResources());
    change.removeResources().forEach(name -> amounts.put(name, null));
    out.name(field).beginObject();
    for (Map.Entry<String, Quantity> amount : amounts.entrySet()) {
      out.name(amount.getKey());
      if (amount.getValue() == null) {
        out.nullValue();
      } else {
        out.value(amount.getValue().toString());
      }
    }
    out.endObject();
  }

  /** A JSON merge patch of the list of finalizers, which it replaces whole. */
  static String finalizers(String resourceVersion, List<String> finalizers) {
    return json(
        out -> {
          out.name("metadata").beginObject();
          out.name("resourceVersion").value(resourceVersion);
          out.name("finalizers").beginArray();
          for (String finalizer : finalizers) {
            out.value(finalizer);
          }
          out.endArray();
          out.endObject();
        });
  }

  /** A JSON merge patch of a status subresource. */
  static String wholeStatus(String resourceVersion, String statusJson) {
    return json(
        out -> {
          out.name("metadata").beginObject();
          out.name("resourceVersion").value(resourceVersion);
          out.endObject();
          out.name("status").jsonValue(statusJson);
        });
  }

  /** The API server keeps whole seconds. */
  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String json(Content content) {
    StringWriter text = new StringWriter();
    try (JsonWriter out = new JsonWriter(text)) {
      out.setHtmlSafe(false);
      out.setSerializeNulls(true);
      out.beginObject();
      content.write(out);
      out.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail", e);
    }
    return text.toString();
  }
}
