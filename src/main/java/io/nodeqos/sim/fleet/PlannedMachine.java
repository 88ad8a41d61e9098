// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;

/** A machine of a {@link FleetPlan}. */
final class PlannedMachine implements Machine {
  private final FleetSettings settings;
  private final FleetPlan plan;
  private final FleetPlan.Member member;

  PlannedMachine(FleetSettings settings, FleetPlan plan, FleetPlan.Member member) {
    this.settings = settings;
    this.plan = plan;
    this.member = member;
  }

  @Override
  public String name() {
    return member.name();
  }

  @Override
  public Duration joinAfter() {
    return member.conduct().joinAfter();
  }

  @Override
  public JsonObject node(String now) {
    return FleetNodes.node(member, settings.seed(), settings.mix().manyLabels(), now);
  }

  @Override
  public String bootId(int reboots) {
    return FleetNodes.bootId(settings.seed(), member, reboots);
  }

  @Override
  public List<JsonObject> presentImages() {
    return List.of();
  }

  @Override
  public List<String> bootImages() {
    return settings.mix().bootImages().getOrDefault(member.pool(), List.of());
  }

  @Override
  public Duration delay(String step, FleetTimings.Range range) {
    return plan.delay(member, step, range);
  }

  @Override
  public boolean fails(JsonObject pod) {
    return member.stuck() && FleetPods.app(pod).equals(FleetDaemonSets.NETWORK_AGENT);
  }

  @Override
  public List<String> driversOf(JsonObject pod) {
    return FleetPods.app(pod).equals(FleetDaemonSets.STORAGE_AGENT)
        ? List.of(FleetDaemonSets.CSI_DRIVER)
        : List.of();
  }
}
