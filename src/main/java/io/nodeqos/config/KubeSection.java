// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static io.nodeqos.config.SettingType.duration;
import static io.nodeqos.config.SettingType.integer;
import static io.nodeqos.config.SettingType.namespaces;

import io.nodeqos.kube.client.KubeSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The settings {@code reservedNamespaces} and {@code kubernetes.*}. */
final class KubeSection {
  private KubeSection() {}

  static KubeSettings read(SettingsReader r) {
    KubeSettings d = KubeSettings.defaults();
    List<String> reserved =
        r.get(
            "reservedNamespaces",
            namespaces(),
            d.reservedNamespaces().stream().sorted().toList(),
            "Namespaces of system workloads, in addition to those with the label.");
    return new KubeSettings(
        Optional.empty(),
        timeouts(r, d.timeouts()),
        cache(r, d.cache()),
        writeRate(r, d.writeRate()),
        Set.copyOf(reserved),
        d.extraAnnotations());
  }

  private static KubeSettings.Timeouts timeouts(SettingsReader r, KubeSettings.Timeouts d) {
    SettingType<Duration> time = duration(Duration.ofMillis(100), Duration.ofMinutes(1));
    return new KubeSettings.Timeouts(
        r.get("kubernetes.connectTimeout", time, d.connect(), "Timeout of opening a connection."),
        r.get(
            "kubernetes.callTimeout",
            time,
            d.call(),
            "Timeout of a write; the election may require a shorter one."),
        r.get(
            "kubernetes.pingInterval",
            time,
            d.ping(),
            "Period of HTTP/2 pings, which detect a dead connection."));
  }

  private static KubeSettings.Cache cache(SettingsReader r, KubeSettings.Cache d) {
    SettingType<Duration> time = duration(Duration.ofSeconds(1), Duration.ofHours(1));
    return new KubeSettings.Cache(
        r.get(
            "kubernetes.pageLimit",
            integer(1, 10_000),
            d.pageLimit(),
            "Objects per page of a list."),
        r.get(
            "kubernetes.listIdleTimeout",
            time,
            d.listIdle(),
            "A list that receives no byte for so long has failed."),
        r.get(
            "kubernetes.watchTimeout",
            time,
            d.watchTimeout(),
            "Timeout of a watch that the server is asked to keep."),
        r.get(
            "kubernetes.watchIdleTimeout",
            time,
            d.watchIdle(),
            "A watch that receives no byte for so long is closed and resumed."));
  }

  private static KubeSettings.WriteRate writeRate(SettingsReader r, KubeSettings.WriteRate d) {
    return new KubeSettings.WriteRate(
        r.live(
            "kubernetes.writesPerSecond",
            integer(1, 100_000),
            d.perSecond(),
            "The most writes a second; halved while the server answers 429."),
        r.live(
            "kubernetes.writeBurst",
            integer(1, 100_000),
            d.burst(),
            "The most writes at once after a pause."));
  }
}
