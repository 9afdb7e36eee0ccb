using System.Reflection;

namespace FinxFunctions.DevHost.Triggers;

/// <summary>A method with [Function] whose trigger is a <typeparamref name="TTrigger"/>.</summary>
public sealed record TriggeredFunction<TTrigger>(string Name, MethodInfo Method, TTrigger Trigger)
    where TTrigger : Attribute
{
    // Made at the first call, so that the start does not wait for all of them.
    private readonly Lazy<ObjectFactory> _create = new(() => ActivatorUtilities.CreateFactory(Method.DeclaringType!, Type.EmptyTypes));

    /// <summary>A new instance of the trigger class, as the worker makes one for each call; null for a static function.</summary>
    public object? CreateInstance(IServiceProvider services) => Method.IsStatic ? null : _create.Value(services, null);
}
