// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import com.google.gson.JsonObject;
import io.nodeqos.bench.fleet.Crew;
import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.rig.Tally.Bodies;
import io.nodeqos.e2e.rig.Api;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bare writer: sends what the controller has sent, to nodes that no policy selects, with the
 * controller's own token and as many requests at a time, and does nothing else. The same watches
 * are open meanwhile.
 */
public final class Ceiling {
  /** As many as the controller has workers. */
  private static final int WRITERS = 32;

  private static final String METADATA_ONLY =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

  private final Rig rig;
  private final Api api;

  private Ceiling(Rig rig, Api api) {
    this.rig = rig;
    this.api = api;
  }

  /** Writes with the token of that replica, which is to be the leader's. */
  public static Ceiling of(Rig rig, Controller leader) {
    return new Ceiling(rig, Api.of(rig.plane(), leader.replica().token()).accepting(METADATA_ONLY));
  }

  /**
   * What it reached.
   *
   * @param patches that were accepted
   * @param time from the receipt of the first until the last was carried out, by the audit log
   */
  public record Rate(long patches, Duration time) {
    public double perSecond() {
      return patches / (time.toNanos() / 1e9);
    }
  }

  /** Patches each node of a group once. */
  public Rate measure(Fleet targets, List<Bodies> bodies) throws InterruptedException {
    List<Body> metadata = bodies.stream().map(b -> Body.of(b.metadata())).toList();
    List<Optional<Body>> status = bodies.stream().map(b -> b.status().map(Body::of)).toList();
    AtomicInteger done = new AtomicInteger();
    rig.progress().step("bare writer", () -> done.get() + "/" + targets.size() + " nodes");
    rig.audit().drain(entry -> {});
    Crew.each(
        WRITERS,
        0,
        targets.size(),
        done,
        number -> {
          int sample = number % bodies.size();
          String path = "/api/v1/nodes/" + targets.name(number);
          Api.Reply reply =
              api.merge(path, metadata.get(sample).at(targets.version(number))).succeeded();
          status
              .get(sample)
              .ifPresent(
                  body ->
                      api.strategic(path + "/status", body.at(Fleet.version(reply.body())))
                          .succeeded());
        });
    Tally tally = Tally.of(targets.prefix()).read(rig.audit());
    return new Rate(tally.writes(), tally.span());
  }

  /** A patch without its resourceVersion. */
  private record Body(String head, String tail) {
    private static final String PLACE = "@version@";

    static Body of(JsonObject patch) {
      JsonObject copy = patch.deepCopy();
      copy.getAsJsonObject("metadata").addProperty("resourceVersion", PLACE);
      String text = copy.toString();
      int place = text.indexOf(PLACE);
      return new Body(text.substring(0, place), text.substring(place + PLACE.length()));
    }

    String at(String version) {
      return head + version + tail;
    }
  }
}
