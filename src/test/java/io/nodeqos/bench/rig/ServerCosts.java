// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.ServerLook.Cpu;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What etcd and kube-apiserver spent on some work.
 *
 * @param putBytes keys and values that were put into etcd
 * @param endedWatches by resource, the watches of all clients that the server ended because it
 *     could not hand over the events fast enough
 */
public record ServerCosts(
    Duration apiServer, Duration etcd, double putBytes, Map<String, Long> endedWatches) {
  public ServerCosts {
    endedWatches = Map.copyOf(endedWatches);
  }

  public static ServerCosts between(ServerLook begin, ServerLook end) {
    Cpu from = begin.after();
    Cpu to = end.before();
    return new ServerCosts(
        to.apiServer().minus(from.apiServer()),
        to.etcd().minus(from.etcd()),
        end.putBytes() - begin.putBytes(),
        ended(begin.endedWatches(), end.endedWatches()));
  }

  private static Map<String, Long> ended(Map<String, Double> before, Map<String, Double> after) {
    return after.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                e -> Math.round(e.getValue() - before.getOrDefault(e.getKey(), 0.0))));
  }

  /**
   * The watches that the controller has lost. The metric has those of all clients, and a watch that
   * began anew can also follow the end that its request asked for, so each is an upper limit.
   */
  private long endedOf(Tally controller) {
    return endedWatches.entrySet().stream()
        .mapToLong(e -> Math.min(e.getValue(), controller.watches(e.getKey())))
        .sum();
  }

  /**
   * Writes the costs down.
   *
   * @param suffix of the names of the figures
   */
  public void report(Sheet sheet, String suffix, int nodes) {
    sheet.figure("CPU of the API server a node" + suffix, micros(apiServer) / nodes, "us");
    sheet.figure("CPU of etcd a node" + suffix, micros(etcd) / nodes, "us");
    sheet.figure("put into etcd a node" + suffix, putBytes / 1024 / nodes, "KiB");
  }

  /**
   * Writes down whether the controller took its events fast enough. That is no matter of right or
   * wrong, as it depends on the machine, too.
   */
  public void watches(Sheet sheet, Tally tally) {
    long all = endedWatches.values().stream().mapToLong(Long::longValue).sum();
    sheet.figure("watches that the server ended as too slow", (double) all, "");
    sheet.none("of these, the controller's", endedOf(tally));
    sheet.none("LISTs of the controller", tally.lists());
  }

  private static double micros(Duration time) {
    return time.toNanos() / 1e3;
  }
}
