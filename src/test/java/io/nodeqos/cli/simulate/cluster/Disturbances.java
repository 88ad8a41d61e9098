// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.cli.simulate.cluster.ClusterStory.Disturbance;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import okhttp3.Interceptor.Chain;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** The kinds of plans. */
final class Disturbances {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final Duration REFUSING = Duration.ofSeconds(20);

  /** Longer than until another leader leads. */
  private static final Duration TAKE_OVER = Duration.ofSeconds(17);

  private Disturbances() {}

  /** The plan changes nothing, so that there is nothing to see. */
  static final class NothingDone extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** When the leader dies, or what it gets of a reply. */
  enum Moment {
    BEFORE,
    AFTER,
    REPLY_LOST,
    HALF_A_BODY
  }

  /** Another writer spoils a value, under a leader or before the next one leads. */
  record Spoilt(int moment, boolean newLeader, Corruption corruption) implements Disturbance {
    @Override
    public void after(int act, FaultCluster cluster) {
      if (act != moment) {
        return;
      }
      if (newLeader) {
        cluster.kill(FaultCluster.Behind.NOTHING);
      }
      if (!corruption.apply(cluster.api)) {
        throw new NothingDone();
      }
      if (newLeader) {
        cluster.run(TAKE_OVER);
      }
    }
  }

  /** The next leader has not seen the last events of one collection. */
  record Stale(int moment, FaultCluster.Behind behind) implements Disturbance {
    @Override
    public void after(int act, FaultCluster cluster) {
      if (act == moment) {
        cluster.kill(behind);
        cluster.run(TAKE_OVER);
      }
    }
  }

  /** One request, the k-th. */
  record AtRequest(int k, Moment moment) implements Disturbance {
    @Override
    public ControllerRequests.Fault requests(FaultCluster cluster) {
      return (number, chain) -> number == k ? disturbed(chain) : chain.proceed(chain.request());
    }

    private Response disturbed(Chain chain) throws IOException {
      if (moment == Moment.BEFORE) {
        throw new ControllerRequests.Killed(FaultCluster.Behind.NOTHING);
      }
      Response response = chain.proceed(chain.request());
      return switch (moment) {
        case HALF_A_BODY -> {
          byte[] body = response.body().bytes();
          byte[] half = Arrays.copyOf(body, body.length / 2);
          yield response.newBuilder().body(ResponseBody.create(half, JSON)).build();
        }
        case REPLY_LOST -> throw new IOException("the connection was reset");
        default -> throw new ControllerRequests.Killed(FaultCluster.Behind.NOTHING);
      };
    }
  }

  /** From an act on, writes to a resource are refused for a while, and then no longer. */
  record Refused(int moment, int code, String resource) implements Disturbance {
    @Override
    public void before(int act, FaultCluster cluster) {
      if (act != moment) {
        return;
      }
      long until = cluster.time.nanos() + REFUSING.toNanos();
      cluster.requests.disturbedBy(
          (number, chain) -> {
            Request request = chain.request();
            boolean isOf = request.url().encodedPath().contains("/" + resource);
            return isOf && cluster.time.nanos() < until ? refusal(request) : chain.proceed(request);
          });
    }

    @Override
    public void after(int act, FaultCluster cluster) {
      if (act == moment) {
        // A refused write is tried again within a minute.
        cluster.run(REFUSING.plusSeconds(70));
      }
    }

    private Response refusal(Request request) {
      String body =
          "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"message\":"
              + " \"refused by a test\", \"code\": "
              + code
              + "}";
      return new Response.Builder()
          .request(request)
          .protocol(Protocol.HTTP_1_1)
          .code(code)
          .message("")
          .body(ResponseBody.create(body, JSON))
          .build();
    }
  }
}
