// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.JsonObject;
import io.nodeqos.cli.simulate.SimulationInput.Joins;
import io.nodeqos.node.Keys;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.sim.fleet.FleetMix;
import io.nodeqos.sim.fleet.FleetObjects;
import io.nodeqos.sim.fleet.FleetSettings;
import io.nodeqos.sim.fleet.FleetTimings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the values of options; each mistake is an IllegalArgumentException with a sentence. */
final class OptionValues {
  private static final int MAX_NODES = 50_000;
  private static final Pattern JOIN = Pattern.compile("(\\d{1,5})@(\\d{1,5}(?:\\.\\d+)?)/s");
  private static final Pattern RANGE = Pattern.compile("(.+)\\.\\.(.+)");

  private OptionValues() {}

  static Duration duration(String option, String text) {
    try {
      Duration duration = GoDuration.parse(text);
      if (duration.isNegative() || duration.compareTo(Duration.ofDays(7)) > 0) {
        throw new IllegalArgumentException("must be from 0s to 168h");
      }
      return duration;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          option + " is " + text + ", must be a duration such as 30m, at most 168h", e);
    }
  }

  static Joins joins(String text) {
    Matcher matcher = JOIN.matcher(text);
    if (!matcher.matches() || Double.parseDouble(matcher.group(2)) <= 0) {
      throw new IllegalArgumentException(
          "--join is " + text + ", must be like 500@20/s: nodes, and how many a second");
    }
    return new Joins(Integer.parseInt(matcher.group(1)), Double.parseDouble(matcher.group(2)));
  }

  /** A duration, or two with dots between them. */
  static FleetTimings.Range range(String option, String text) {
    Matcher matcher = RANGE.matcher(text);
    if (!matcher.matches()) {
      Duration both = duration(option, text);
      return new FleetTimings.Range(both, both);
    }
    Duration min = duration(option, matcher.group(1));
    Duration max = duration(option, matcher.group(2));
    if (max.compareTo(min) < 0) {
      throw new IllegalArgumentException(
          option + " is " + text + ", but " + matcher.group(2) + " is less");
    }
    return new FleetTimings.Range(min, max);
  }

  /** Empty for {@code none}. */
  static Optional<JsonObject> startupTaint(String key) {
    if (key.equals("none")) {
      return Optional.empty();
    }
    if (!key.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")) {
      throw new IllegalArgumentException(
          "--register-with-taint is "
              + key
              + ", must be none or a key such as "
              + Keys.STARTUP_TAINT);
    }
    JsonObject taint = FleetObjects.startupTaint();
    taint.addProperty("key", key);
    return Optional.of(taint);
  }

  /** {@code 5000,gpu=20%,stuck=3}. */
  static FleetSettings fleet(String text, FleetTimings timings, long seed) {
    String[] parts = text.split(",", -1);
    int nodes = number(text, parts[0]);
    if (nodes < 1 || nodes > MAX_NODES) {
      throw new IllegalArgumentException("--nodes is " + text + ", must be from 1 to " + MAX_NODES);
    }
    double gpu = 0;
    int stuck = 0;
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].matches("gpu=\\d{1,3}%")) {
        gpu = Integer.parseInt(parts[i].substring(4, parts[i].length() - 1)) / 100.0;
      } else if (parts[i].matches("stuck=\\d{1,5}")) {
        stuck = Integer.parseInt(parts[i].substring(6));
      } else {
        throw mix(text);
      }
    }
    if (gpu > 1 || stuck >= nodes) {
      throw mix(text);
    }
    return new FleetSettings(
        nodes,
        seed,
        Duration.ZERO,
        Duration.ofMinutes(5),
        new FleetMix(gpu, 0, 1, stuck, false, Map.of()),
        timings);
  }

  private static int number(String text, String number) {
    if (!number.matches("\\d{1,9}")) {
      throw mix(text);
    }
    return Integer.parseInt(number);
  }

  private static IllegalArgumentException mix(String text) {
    return new IllegalArgumentException(
        "--nodes is "
            + text
            + ", must be like 5000 or 5000,gpu=20%,stuck=3, with fewer stuck nodes than nodes");
  }
}
