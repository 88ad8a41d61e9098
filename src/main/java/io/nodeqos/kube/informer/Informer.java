// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.cache.Store;
import io.kubernetes.client.informer.impl.DefaultSharedIndexInformer;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.SlimList;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cache: the stock informer over our source, with one handler that is registered before it
 * starts.
 */
public final class Informer<V> {
  /**
   * Receives every event: those of one object in their order and one at a time, those of different
   * objects from two threads.
   */
  public interface Handler<V> {
    void added(V now);

    void changed(V before, V now);

    void deleted(V last);
  }

  private final CacheSource<V> source;
  private final SlimListerWatcher<V> listerWatcher;
  private final CacheStatus status;
  private final DefaultSharedIndexInformer<SlimObject<V>, SlimList<V>> informer;

  Informer(
      CacheSource<V> source,
      SlimListerWatcher<V> listerWatcher,
      CacheStatus status,
      DefaultSharedIndexInformer<SlimObject<V>, SlimList<V>> informer) {
    this.source = source;
    this.listerWatcher = listerWatcher;
    this.status = status;
    this.informer = informer;
  }

  public void start() {
    informer.run();
  }

  /** Ends the calls and the threads; waits for the handler to return. */
  public void stop() {
    listerWatcher.close();
    informer.stop();
  }

  public CacheStatus status() {
    return status;
  }

  /**
   * The task that waits until this cache has the state of the API server.
   *
   * @param wanted false ends the wait
   */
  CatchUp catchUp(BooleanSupplier wanted) {
    return listerWatcher.catchUp(new CacheState(), wanted);
  }

  /** Does once what catching up does first. A failure has no effect. */
  public void rehearse() {
    catchUp(() -> true).rehearse();
  }

  public boolean alive() {
    return listerWatcher.alive();
  }

  public String resource() {
    return source.resource();
  }

  public String describe() {
    return source.describe();
  }

  /** The view of this cache that catching up needs. */
  private final class CacheState implements CatchUp.Cache {
    @Override
    public CacheSource<?> source() {
      return source;
    }

    @Override
    public CachePosition position() {
      return status.position();
    }

    @Override
    public Store<? extends KubernetesObject> objects() {
      return informer.getIndexer();
    }

    @Override
    public CurrentCall call() {
      return listerWatcher.current();
    }

    /**
     * A cache that RBAC forbids to read keeps back its dependants by itself; the rest must be
     * readable.
     */
    @Override
    public boolean isUnreadable() {
      return !source.namespace().isEmpty() && !status.usable();
    }
  }

  /** Keeps the exceptions of a handler away from the informer, and reports handled events. */
  static final class Guarded<V> implements ResourceEventHandler<SlimObject<V>> {
    private static final Logger LOG = LoggerFactory.getLogger(Informer.class);

    private final String what;
    private final CacheStatus status;
    private final Handler<V> handler;

    Guarded(String what, CacheStatus status, Handler<V> handler) {
      this.what = what;
      this.status = status;
      this.handler = handler;
    }

    /** Receives the errors that the reflector cannot handle; it then relists. */
    static void log(String what, Throwable e) {
      String message = String.valueOf(e.getMessage());
      if (message.startsWith("got ERROR event") || SlimListerWatcher.isStop(e)) {
        // The expired watch, which is in the log already, or the end of the cache.
        LOG.debug("Reflector of {} restarts: {}", what, message);
      } else {
        LOG.error("Reflector of {} failed, restarting", what, e);
      }
    }

    @Override
    public void onAdd(SlimObject<V> object) {
      guarded(object, () -> handler.added(object.view()), () -> status.handled(object));
    }

    @Override
    public void onUpdate(SlimObject<V> before, SlimObject<V> now) {
      guarded(now, () -> handler.changed(before.view(), now.view()), () -> status.handled(now));
    }

    @Override
    public void onDelete(SlimObject<V> last, boolean finalStateUnknown) {
      guarded(last, () -> handler.deleted(last.view()), () -> status.handledDeletion(last));
    }

    private void guarded(SlimObject<V> object, Runnable event, Runnable done) {
      try {
        event.run();
      } catch (RuntimeException e) {
        LOG.error("Event of {} {} not handled", what, object.getMetadata().getName(), e);
      } finally {
        done.run();
      }
    }
  }
}
