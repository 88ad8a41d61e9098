// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.nodeqos.cli.simulate.cluster.ClusterStory.Disturbance;
import io.nodeqos.node.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** All plans of each kind for a scenario. */
final class ClusterPlans {
  private static final Pattern PROOF = Pattern.compile("\"[0-9a-f]{10}(/[0-9a-f-]{36}){2}\"");

  /** The one that is in each scenario. */
  private static final Optional<JsonElement> POLICY = Optional.of(new JsonPrimitive("p"));

  private final Program program;
  private final ClusterScenario scenario;

  ClusterPlans(Program program, ClusterScenario scenario) {
    this.program = program;
    this.scenario = scenario;
  }

  /** A disturbance with the text of a failure, and what it leaves changed for ever. */
  record Plan(String text, Disturbance disturbance, String spoilt) {
    Plan(Disturbance disturbance) {
      this(disturbance.toString(), disturbance, "");
    }
  }

  /** Another writer replaces each value of the controller by each wrong one. */
  List<Plan> wrongValues() {
    WrittenPlaces places = new WrittenPlaces();
    ClusterStory.of(program, scenario)
        .play(
            new Disturbance() {
              @Override
              public void after(int act, FaultCluster cluster) {
                places.look(act, cluster.api);
              }
            });
    List<Plan> plans = new ArrayList<>();
    for (WrittenPlaces.Wrong wrong : places.wrongValues()) {
      for (int moment : wrong.moments()) {
        for (boolean newLeader : List.of(false, true)) {
          Disturbances.Spoilt spoilt =
              new Disturbances.Spoilt(moment, newLeader, wrong.corruption());
          if (!isEvidence(spoilt.corruption())) {
            plans.add(wrongValue(spoilt));
          }
        }
      }
    }
    return plans;
  }

  private Plan wrongValue(Disturbances.Spoilt spoilt) {
    return new Plan(spoilt.toString(), spoilt, spoiltForEver(spoilt));
  }

  /**
   * The path of what stays different, empty for nothing. A ControllerRevision that another writer
   * has changed is not ours any more. A rollout whose stable revision is lost stays where it is. A
   * node that is older than the policy, and whose mark another writer has spoilt, gets no startup
   * taint. One that keeps pods off stays as it is while the node waits. The simulated DaemonSets do
   * not replace a pod whose template has changed: one that is there before the images change never
   * pulls the new ones. A policy that loses its finalizer right before or during its deletion goes
   * at once, and its nodes keep their state.
   */
  private String spoiltForEver(Disturbances.Spoilt spoilt) {
    RequestTarget target = spoilt.corruption().target();
    if (target.collection().equals(CacheFeed.REVISIONS)) {
      return scenario == ClusterScenario.ROLLOUT ? "/" : CacheFeed.REVISIONS;
    }
    String node = CacheFeed.NODES + "/" + target.name();
    String field = field(spoilt.corruption());
    Optional<JsonElement> value = spoilt.corruption().value();
    return switch (scenario) {
      case BRAKE ->
          List.of(Keys.WARMED_UP, Keys.WARMED_UP_FOR).contains(field) || isOtherTaint(value)
              ? node
              : "";
      case SPINNER -> field.equals(Keys.IMAGES) && value.equals(POLICY) ? node : "";
      case REMOVE ->
          field.equals("finalizers") && spoilt.moment() >= scenario.size() - 2
              ? CacheFeed.NODES
              : "";
      case WARM_UP, ROLLOUT -> "";
    };
  }

  private static String field(Corruption corruption) {
    return corruption.path().get(corruption.path().size() - 1);
  }

  /**
   * A proof that images are there, for this node and this boot: whoever wrote it, it is believed.
   */
  private static boolean isEvidence(Corruption corruption) {
    return field(corruption).equals(Keys.IMAGES_PRESENT)
        && corruption.value().filter(v -> PROOF.matcher(v.toString()).matches()).isPresent();
  }

  /** A startup taint with a value, or with another effect, that keeps pods off. */
  private static boolean isOtherTaint(Optional<JsonElement> value) {
    return value.isPresent()
        && value.get().isJsonArray()
        && !value.get().getAsJsonArray().isEmpty()
        && !value.get().toString().contains("PreferNoSchedule")
        && value.get().toString().contains(Keys.STARTUP_TAINT);
  }

  /** After each act a new leader has not seen the last events of one collection. */
  List<Plan> newLeadersBehind() {
    List<Plan> plans = new ArrayList<>();
    for (int act = 0; act < scenario.size(); act++) {
      for (String collection : CacheFeed.COLLECTIONS) {
        for (int events : List.of(1, 2, 3, 5, 8)) {
          plans.add(
              new Plan(new Disturbances.Stale(act, new FaultCluster.Behind(collection, events))));
        }
      }
    }
    return plans;
  }

  /** The leader dies around each of so many requests, or gets no reply or half of one. */
  List<Plan> deathsAroundRequests(int requests) {
    List<Plan> plans = new ArrayList<>();
    for (int k = 1; k <= requests; k++) {
      for (Disturbances.Moment moment : Disturbances.Moment.values()) {
        plans.add(new Plan(new Disturbances.AtRequest(k, moment)));
      }
    }
    return plans;
  }

  /** From each act on, the requests about one resource are refused for a while. */
  List<Plan> refusals() {
    List<Plan> plans = new ArrayList<>();
    for (int act = 0; act < scenario.size(); act++) {
      for (int code : List.of(403, 409, 410, 429, 500)) {
        for (String resource :
            List.of("nodes", "status", "nodeqospolicies", "daemonsets", "controllerrevisions")) {
          plans.add(new Plan(new Disturbances.Refused(act, code, resource)));
        }
      }
    }
    return plans;
  }
}
