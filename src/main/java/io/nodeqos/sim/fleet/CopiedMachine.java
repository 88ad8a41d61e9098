// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;

/** A machine whose Node exists already, or is made after one that does. */
final class CopiedMachine implements Machine {
  private final JsonObject node;
  private final Duration joinAfter;
  private final CsiDrivers drivers;
  private final long seed;

  CopiedMachine(JsonObject node, Duration joinAfter, CsiDrivers drivers, long seed) {
    this.node = node;
    this.joinAfter = joinAfter;
    this.drivers = drivers;
    this.seed = seed;
  }

  @Override
  public String name() {
    return FleetJson.name(node);
  }

  @Override
  public Duration joinAfter() {
    return joinAfter;
  }

  @Override
  public JsonObject node(String now) {
    JsonObject registered = node.deepCopy();
    registered.getAsJsonObject("status").add("conditions", FleetNodes.conditions(now));
    return registered;
  }

  @Override
  public String bootId(int reboots) {
    return reboots == 0
        ? FleetJson.text(node, "status", "nodeInfo", "bootID")
        : FleetNodes.uuid(seed, name() + "/boot-" + reboots);
  }

  @Override
  public List<JsonObject> presentImages() {
    return FleetJson.objects(node, "status", "images");
  }

  @Override
  public List<String> bootImages() {
    return List.of();
  }

  @Override
  public Duration delay(String step, FleetTimings.Range range) {
    return range.drawn(seed, name() + "/" + step);
  }

  @Override
  public boolean fails(JsonObject pod) {
    return false;
  }

  @Override
  public List<String> driversOf(JsonObject pod) {
    return drivers.registeredBy(FleetPods.owner(pod));
  }
}
