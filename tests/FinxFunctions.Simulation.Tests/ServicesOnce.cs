namespace FinxFunctions.Simulation.Tests;

/// <summary>Asks a container for each singleton once: the second time it would compile a faster way to it, which for so short-lived a host is dear.</summary>
internal sealed class ServicesOnce(IServiceProvider services) : IServiceProvider
{
    private readonly Dictionary<Type, object?> _known = [];

    public object? GetService(Type serviceType)
    {
        if (!_known.TryGetValue(serviceType, out var service))
        {
            _known[serviceType] = service = services.GetService(serviceType);
        }

        return service;
    }
}
