/** Name of the database of the data sets kept in this browser; they belong to no store. */
export const localDatabaseName = 'exanalytics local';
