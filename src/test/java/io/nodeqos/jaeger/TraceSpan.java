// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.jaeger;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A span as Jaeger reports it.
 *
 * @param id of the trace and of the span in it
 * @param parent of the same trace, if it has one there
 * @param links to spans that are not its parent
 * @param tags the attributes, and what Jaeger makes of other fields: {@code span.kind}, {@code
 *     error}, {@code otel.status_code}, {@code otel.status_description}; numbers and truth values
 *     are text too
 * @param process the sending process
 */
public record TraceSpan(
    Id id,
    String name,
    Optional<Id> parent,
    List<Id> links,
    Instant start,
    Duration duration,
    Map<String, String> tags,
    Process process) {

  /**
   * The resource of spans.
   *
   * @param service {@code service.name}
   * @param tags its other attributes
   */
  public record Process(String service, Map<String, String> tags) {
    public Process {
      tags = Map.copyOf(tags);
    }

    static Process of(JsonObject json) {
      return new Process(json.get("serviceName").getAsString(), readTags(json));
    }
  }

  /** Trace id and span id, 32 and 16 hexadecimal digits. */
  public record Id(String trace, String span) {}

  public TraceSpan {
    links = List.copyOf(links);
    tags = Map.copyOf(tags);
  }

  /** Whether it is marked as failed. */
  public boolean failed() {
    return "true".equals(tags.get("error"));
  }

  /**
   * Reads the spans of a trace from the query API, in Jaeger's first format: there the parent is
   * the first reference {@code CHILD_OF}, and every other reference is a link.
   */
  static List<TraceSpan> allOf(JsonObject trace) {
    List<TraceSpan> spans = new ArrayList<>();
    JsonObject processes = trace.getAsJsonObject("processes");
    for (JsonElement element : trace.getAsJsonArray("spans")) {
      JsonObject span = element.getAsJsonObject();
      spans.add(
          of(span, Process.of(processes.getAsJsonObject(span.get("processID").getAsString()))));
    }
    return spans;
  }

  private static TraceSpan of(JsonObject json, Process process) {
    Id id = id(json);
    Optional<Id> parent = Optional.empty();
    List<Id> links = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray("references")) {
      JsonObject reference = element.getAsJsonObject();
      if (parent.isEmpty() && reference.get("refType").getAsString().equals("CHILD_OF")) {
        parent = Optional.of(id(reference));
      } else {
        links.add(id(reference));
      }
    }
    return new TraceSpan(
        id,
        json.get("operationName").getAsString(),
        parent,
        links,
        Instant.EPOCH.plus(json.get("startTime").getAsLong(), ChronoUnit.MICROS),
        Duration.of(json.get("duration").getAsLong(), ChronoUnit.MICROS),
        readTags(json),
        process);
  }

  private static Map<String, String> readTags(JsonObject json) {
    Map<String, String> tags = new LinkedHashMap<>();
    if (json.get("tags") instanceof JsonArray fields) {
      for (JsonElement tag : fields) {
        JsonObject field = tag.getAsJsonObject();
        tags.put(field.get("key").getAsString(), field.get("value").getAsString());
      }
    }
    return tags;
  }

  private static Id id(JsonObject json) {
    return new Id(json.get("traceID").getAsString(), json.get("spanID").getAsString());
  }
}
