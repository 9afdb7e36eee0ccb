using System.Reflection;
using Azure.Data.Tables;

namespace FinxFunctions.StandIns;

/// <summary>Entities as rows hold them: the columns of a <see cref="TableEntity"/>, or the properties of a row class, as the real client maps them.</summary>
public static class RowValues
{
    private static readonly string[] Keys = ["odata.etag", .. typeof(ITableEntity).GetProperties().Select(property => property.Name)];

    public static IEnumerable<KeyValuePair<string, object?>> Of(ITableEntity entity) => entity is TableEntity columns
        ? columns
        : PropertiesOf(entity.GetType()).Select(property => KeyValuePair.Create(property.Name, property.GetValue(entity)));

    public static T To<T>(Row row)
        where T : ITableEntity
    {
        if (typeof(T) == typeof(TableEntity))
        {
            return (T)(ITableEntity)row.ToEntity();
        }

        var entity = Activator.CreateInstance<T>();
        (entity.PartitionKey, entity.RowKey, entity.ETag) = (row.PartitionKey, row.RowKey, new Azure.ETag(row.ETag));
        foreach (var property in PropertiesOf(typeof(T)))
        {
            property.SetValue(entity, row.Values.GetValueOrDefault(property.Name));
        }

        return entity;
    }

    private static IEnumerable<PropertyInfo> PropertiesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => !Keys.Contains(property.Name));
}
