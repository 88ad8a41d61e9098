// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static io.nodeqos.config.SettingType.duration;
import static io.nodeqos.config.SettingType.flag;
import static io.nodeqos.config.SettingType.integer;
import static io.nodeqos.config.SettingType.namePrefix;
import static io.nodeqos.config.SettingType.optionalName;
import static io.nodeqos.config.SettingType.quantity;
import static io.nodeqos.config.SettingType.text;

import io.nodeqos.reconcile.images.SpinnerSettings;
import java.time.Duration;

/** The settings {@code spinner.*}. */
final class SpinnerSection {
  private SpinnerSection() {}

  static SpinnerSettings read(SettingsReader r) {
    SpinnerSettings d = SpinnerSettings.DEFAULTS;
    return new SpinnerSettings(
        r.get("spinner.enabled", flag(), d.enabled(), "Whether missing images are pulled."),
        r.get(
            "spinner.namePrefix",
            namePrefix(),
            d.namePrefix(),
            "Prefix of the names of the DaemonSets; the policy's name follows."),
        r.get(
            "spinner.pauseImage",
            text("an image reference"),
            d.pauseImage(),
            "Image of the one container of a spinner pod; it does nothing."),
        r.get(
            "spinner.priorityClass",
            optionalName(),
            d.priorityClass(),
            "PriorityClass of spinner pods; none for the cluster's default."),
        resources(r, d.resources()),
        r.get(
            "spinner.maxConcurrentPulls",
            integer(1, 10_000),
            d.maxConcurrentPulls(),
            "On how many nodes images are pulled at the same time."),
        r.get(
            "spinner.pullTimeout",
            duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            d.pullTimeout(),
            "A node that pulls for longer gives up its slot if another one waits."));
  }

  private static SpinnerSettings.ContainerResources resources(
      SettingsReader r, SpinnerSettings.ContainerResources d) {
    return new SpinnerSettings.ContainerResources(
        r.get("spinner.cpuRequest", quantity(), d.cpuRequest(), "CPU request of a spinner pod."),
        r.get(
            "spinner.memoryRequest",
            quantity(),
            d.memoryRequest(),
            "Memory request of a spinner pod."),
        r.get("spinner.cpuLimit", quantity(), d.cpuLimit(), "CPU limit of a spinner pod."),
        r.get(
            "spinner.memoryLimit",
            quantity(),
            d.memoryLimit(),
            "Memory limit of a spinner pod; not less than its request."));
  }
}
