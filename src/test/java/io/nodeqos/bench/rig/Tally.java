// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.AuditLog.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the server's audit log says of the requests about some nodes, and of Events. Used by one
 * thread.
 */
public final class Tally implements Consumer<Entry> {
  private static final int SAMPLES = 200;

  /** From here on the server failed, or the writer was gone before the reply (500 or 504). */
  private static final int UNANSWERED = 500;

  private final String prefix;
  private final Map<String, Integer> metadata = new HashMap<>();
  private final Map<String, Integer> status = new HashMap<>();
  private final Map<String, Integer> unanswered = new HashMap<>();
  private final Map<Integer, Integer> refused = new HashMap<>();
  private final Map<String, Integer> watches = new HashMap<>();
  private final Map<String, JsonObject> firstBodies = new HashMap<>();
  private final List<Bodies> samples = new ArrayList<>();
  private Optional<Instant> first = Optional.empty();
  private Optional<Instant> last = Optional.empty();
  private long gets;
  private long lists;
  private long events;
  private long other;

  /**
   * The patches of one node.
   *
   * @param status empty when there was none
   */
  public record Bodies(JsonObject metadata, Optional<JsonObject> status) {}

  private Tally(String prefix) {
    this.prefix = prefix;
  }

  /** Of the nodes whose names begin so. */
  public static Tally of(String prefix) {
    return new Tally(prefix);
  }

  /** Takes in what was logged since the last call for that log. */
  public Tally read(AuditLog log) {
    log.drain(this);
    return this;
  }

  @Override
  public void accept(Entry entry) {
    if (entry.resource().equals("events")) {
      events++;
    } else if (entry.verb().equals("list")) {
      lists++;
    } else if (entry.verb().equals("watch")) {
      watches.merge(entry.resource(), 1, Integer::sum);
    } else if (!entry.name().isEmpty() && entry.name().startsWith(prefix)) {
      node(entry);
    }
  }

  private void node(Entry entry) {
    if (entry.verb().equals("get") && entry.resource().equals("nodes")) {
      gets++;
    } else if (entry.writesNode()) {
      if (first.isEmpty() || entry.received().isBefore(first.get())) {
        first = Optional.of(entry.received());
      }
      if (!entry.accepted()) {
        refused.merge(entry.code(), 1, Integer::sum);
        if (entry.code() >= UNANSWERED) {
          unanswered.merge(entry.resource(), 1, Integer::sum);
        }
        return;
      }
      if (last.isEmpty() || entry.completed().isAfter(last.get())) {
        last = Optional.of(entry.completed());
      }
      if (!entry.verb().equals("patch")) {
        other++;
      } else if (entry.resource().equals("nodes")) {
        metadata.merge(entry.name(), 1, Integer::sum);
        if (firstBodies.size() < SAMPLES) {
          firstBodies.putIfAbsent(entry.name(), entry.body());
        }
      } else {
        status.merge(entry.name(), 1, Integer::sum);
        JsonObject before = firstBodies.get(entry.name());
        if (before != null && samples.size() < SAMPLES) {
          samples.add(new Bodies(before, Optional.of(entry.body())));
        }
      }
    }
  }

  /** Accepted patches of nodes. */
  public long metadataPatches() {
    return sum(metadata);
  }

  /** Accepted patches of nodes/status. */
  public long statusPatches() {
    return sum(status);
  }

  /**
   * Writes without a reply that says whether they were carried out; most often their writer was
   * gone.
   *
   * @param resource such as {@code nodes/status}
   */
  public long unanswered(String resource) {
    return unanswered.getOrDefault(resource, 0);
  }

  /** Accepted writes of any kind. */
  public long writes() {
    return metadataPatches() + statusPatches() + other;
  }

  /** Nodes with more than one accepted patch of the same kind. */
  public long doubled() {
    return metadata.values().stream().filter(n -> n > 1).count()
        + status.values().stream().filter(n -> n > 1).count();
  }

  /** Nodes that were patched. */
  public int nodes() {
    return metadata.size();
  }

  public long gets() {
    return gets;
  }

  /** LISTs of anything: one follows a watch that cannot go on where it was. */
  long lists() {
    return lists;
  }

  /** Watches that began, of anything: another one follows each that has ended. */
  int watches(String resource) {
    return watches.getOrDefault(resource, 0);
  }

  /** Requests about Events, of any node. */
  public long events() {
    return events;
  }

  /** Writes that were not accepted. */
  public long refusals() {
    return refused.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** What was sent to some of the nodes, to be sent again by the bare writer. */
  public List<Bodies> samples() {
    return samples.isEmpty()
        ? firstBodies.values().stream().map(body -> new Bodies(body, Optional.empty())).toList()
        : List.copyOf(samples);
  }

  /** From when the first write was received until the last one was carried out. */
  Duration span() {
    return Duration.between(first.orElseThrow(), last.orElseThrow());
  }

  /** When the last write was carried out. */
  public Instant end() {
    return last.orElseThrow();
  }

  private static long sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToLong(Integer::longValue).sum();
  }
}
