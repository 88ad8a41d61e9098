// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.ServerLook.Cpu;
import java.time.Duration;

/**
 * What etcd and kube-apiserver spent on some work.
 *
 * @param putBytes keys and values that were put into etcd
 * @param endedWatches watches that the server ended because their client was too slow, without that
 *     of the outside watcher
 */
public record ServerCosts(Duration apiServer, Duration etcd, double putBytes, long endedWatches) {

  public static ServerCosts between(ServerLook begin, ServerLook end) {
    Cpu from = begin.after();
    Cpu to = end.before();
    return new ServerCosts(
        to.apiServer().minus(from.apiServer()),
        to.etcd().minus(from.etcd()),
        end.putBytes() - begin.putBytes(),
        Math.max(0, ended(end) - ended(begin)));
  }

  private static long ended(ServerLook look) {
    double all = look.endedWatches().values().stream().mapToDouble(Double::doubleValue).sum();
    return Math.round(all) - look.ownWatches();
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
    sheet.none("watches that the server ended as too slow", endedWatches);
    sheet.none("LISTs of the controller", tally.lists());
  }

  private static double micros(Duration time) {
    return time.toNanos() / 1e3;
  }
}
