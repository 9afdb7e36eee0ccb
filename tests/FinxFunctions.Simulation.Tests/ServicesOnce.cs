namespace FinxFunctions.Simulation.Tests;

/// <summary>Asks a container for each singleton once. At the second request the container compiles a faster resolver, which costs more than a short-lived process saves.</summary>
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
