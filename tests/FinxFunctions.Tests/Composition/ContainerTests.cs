using FinxFunctions.DevHost.Triggers;
using FinxFunctions.Hosting;
using FinxFunctions.Tests.Running;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinxFunctions.Tests.Composition;

public class ContainerTests
{
    public static TheoryData<Type> Triggers() =>
    [
        .. TriggeredFunctions.All<HttpTriggerAttribute>().Where(function => !function.Method.IsStatic).Select(function => function.Method.DeclaringType!),
        .. TriggeredFunctions.All<TimerTriggerAttribute>().Select(function => function.Method.DeclaringType!),
    ];

    [Theory, MemberData(nameof(Triggers))]
    public async Task A_trigger_class_needs_only_services_that_AddFinxFunctions_adds(Type trigger)
    {
        await using var world = await World.StartAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(world.Settings()).Build();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddFinxFunctions(configuration)
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        Assert.NotNull(ActivatorUtilities.CreateInstance(services, trigger));
        Assert.Empty(world.Sandbox.Journal.Entries); // nothing connects to the network at start
    }

    [Fact]
    public void Each_function_class_holds_one_function_of_its_own_name() =>
        Assert.All(TriggeredFunctions.All<HttpTriggerAttribute>(), function =>
        {
            Assert.Equal($"{function.Name}Function", function.Method.DeclaringType!.Name);
            Assert.Equal("Run", function.Method.Name);
        });

    [Fact]
    public async Task The_app_starts_without_a_call_to_another_service()
    {
        await using var app = await App.StartAsync();

        Assert.Empty(app.Sandbox.Journal.Entries);
        Assert.NotEmpty(app.Services.GetRequiredService<EndpointDataSource>().Endpoints);
        app.AssertQuiet();
    }
}
