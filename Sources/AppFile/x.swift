// AppFile
