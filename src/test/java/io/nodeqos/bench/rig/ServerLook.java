// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import io.nodeqos.e2e.rig.Api;
import io.nodeqos.realapi.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/**
 * What etcd and kube-apiserver have spent since their start, by the operating system and by their
 * metrics.
 *
 * @param before CPU time until the look began
 * @param after CPU time until it ended, as the server spends some on the answer
 * @param putBytes keys and values that were put into etcd
 * @param endedWatches by resource, those of clients that did not take their events fast enough
 */
public record ServerLook(Cpu before, Cpu after, double putBytes, Map<String, Double> endedWatches) {
  private static final String ENDED = "apiserver_terminated_watchers_total";
  private static final String PUT = "etcd_debugging_mvcc_total_put_size_in_bytes";

  /** CPU time of the two programs. */
  public record Cpu(Duration apiServer, Duration etcd) {
    private static Cpu of(ControlPlane plane) {
      return new Cpu(of(plane, "kube-apiserver"), of(plane, "etcd"));
    }

    private static Duration of(ControlPlane plane, String program) {
      return plane.process(program).info().totalCpuDuration().orElseThrow();
    }
  }

  static ServerLook now(ControlPlane plane) {
    Cpu before = Cpu.of(plane);
    Scrape server = new Scrape(Api.admin(plane).get("/metrics").succeeded().body());
    Scrape etcd = new Scrape(etcd(plane));
    if (!etcd.text().contains(PUT)) {
      throw new IllegalStateException("etcd has no metric " + PUT);
    }
    return new ServerLook(before, Cpu.of(plane), etcd.sum(PUT), server.sums(ENDED, "resource"));
  }

  private static String etcd(ControlPlane plane) {
    HttpRequest request =
        HttpRequest.newBuilder(plane.etcd().resolve("/metrics"))
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
